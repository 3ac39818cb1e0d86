# shellcheck shell=bash
# Builds the programs. Source after common.sh. Everything lands in build/bin.
#
# `wails build` is not used: for Linux and Windows it does what the lines below
# do (go build with its own two tags), but only through a command-line tool that
# would have to be compiled first, and it tidies go.mod by itself. wails.json is
# kept right, so that `wails build` works for whoever has the tool.

# sqlite_fts5: full-text search. webkit2_41: WebKitGTK 4.1; machines that have
# only 4.0 (UOS 1060/1070, Kylin V10 SP1) build with QIANSHAO_WEBKIT_TAG=webkit2_40.
webkit_tag=${QIANSHAO_WEBKIT_TAG-webkit2_41}
tags_plain="sqlite_fts5 $webkit_tag"             # what vet and tests need
tags_release="desktop production $tags_plain"    # what `wails build` adds
tags_windows="desktop production wv2runtime.error sqlite_fts5" # never download a WebView2
# For Playwright only: this build lets any page of this machine call it.
tags_dev="dev $tags_plain"

version() { sed -n 's/.*"productVersion": *"\([^"]*\)".*/\1/p' "$root/wails.json"; }

# _build OUT PACKAGE TAGS [LDFLAGS]: what is shipped names no folder of the
# machine it was built on (-trimpath) and carries no symbols.
_build() {
  (cd "$root" && go build -trimpath -buildvcs=false -tags "$3" -ldflags "-s -w ${4:-}" -o "$bin/$1" "$2")
}

# bindings: frontend/src/wailsjs, from the Go structs. This is what `wails
# generate module` does, without the tool: a build with the tag `bindings` is a
# program that writes the TypeScript and ends. It needs no window system. Files
# that came out the same are left alone, so that the page is not built again.
bindings() {
  local now=$root/frontend/src/wailsjs
  mkdir -p "$bin"
  (cd "$root" && go build -buildvcs=false -tags "bindings $tags_plain" -o "$bin/bindings" .) || return
  scratch
  cp "$root/wails.json" "$made/"
  mkdir -p "$made/frontend/src"
  # It tells of every field it sees; only a failure is of interest.
  (cd "$made" && tsoutputtype=interfaces tsprefix='' tssuffix='' "$bin/bindings") >"$made/log" 2>&1 || {
    cat "$made/log" >&2
    return 1
  }
  if ! diff -rq "$made/frontend/src/wailsjs" "$now" >/dev/null 2>&1; then
    rm -rf "$now"
    cp -r "$made/frontend/src/wailsjs" "$now"
  fi
}

# page: frontend/dist, if anything it is made of changed or went.
page() {
  if [[ -f $root/frontend/dist/index.html ]] && [[ -z $(cd "$root/frontend" &&
    find . -mindepth 1 \( -path ./node_modules -o -path ./dist -o -path ./e2e \) -prune \
      -o -newer dist/index.html -print -quit) ]]; then
    return 0
  fi
  npm_install
  (cd "$root/frontend" && npm run --silent build)
}

window_release() { _build qianshao . "$tags_release" "-X qianshao/app.Version=$(version)"; }
window_probe() { _build probe ./app/internal/desktop/probe "$tags_release"; }
server() { _build syncserver ./syncserver/cmd/syncserver sqlite_fts5 "-X main.version=$(version)"; }
desk() { _build desk ./app/cmd/desk sqlite_fts5 "-X main.version=$(version)"; }
trip() { _build trip ./build/trip sqlite_fts5; }

# window_dev shares what `go test` has compiled: no -trimpath.
window_dev() { (cd "$root" && go build -buildvcs=false -tags "$tags_dev" -o "$bin/qianshao-dev" .); }

# vet_builds: the files that only one build has: the shipped window, the one for
# Playwright, the one that writes bindings, the server without the window.
vet_builds() {
  (
    cd "$root" &&
      go vet -tags "$tags_release" . ./app/... &&
      go vet -tags "$tags_dev" ./app/internal/desktop &&
      go vet -tags "bindings $tags_plain" ./app/internal/desktop &&
      go vet -tags "$tags_plain wrongclock" ./app/cmd/desk &&
      go vet -tags sqlite_fts5 ./syncserver/...
  )
}

_for_windows() {
  GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc CXX=x86_64-w64-mingw32-g++ "$@"
}

# window_windows: qianshao.exe with its icon, version and manifest. The linker
# takes them from a .syso file beside main.go, as it does under `wails build`.
window_windows() {
  local v w=$root/build/windows syso=$root/qianshao_windows_amd64.syso
  v=$(version)
  scratch
  sed "s/{{.Info.ProductVersion}}/$v/" "$w/wails.exe.manifest" >"$made/app.manifest"
  cp "$w/icon.ico" "$made/"
  cat >"$made/app.rc" <<RC
#pragma code_page(65001)
3 ICON "icon.ico"
1 24 "app.manifest"
1 VERSIONINFO
FILEVERSION ${v//./,},0
PRODUCTVERSION ${v//./,},0
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "080404B0"
    BEGIN
      VALUE "ProductName", "前哨"
      VALUE "FileDescription", "前哨"
      VALUE "ProductVersion", "$v"
      VALUE "FileVersion", "$v"
      VALUE "OriginalFilename", "qianshao.exe"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x0804, 0x04B0
  END
END
RC
  (cd "$made" && x86_64-w64-mingw32-windres -O coff -i app.rc -o "$syso") || return
  local rc=0
  _for_windows _build qianshao.exe . "$tags_windows" "-H windowsgui -X qianshao/app.Version=$v" || rc=$?
  rm -f "$syso"
  return "$rc"
}

desk_windows() { _for_windows _build desk.exe ./app/cmd/desk sqlite_fts5 "-X main.version=$(version)"; }
