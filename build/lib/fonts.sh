# shellcheck shell=bash
# Free fonts that stand in for the official ones on paper. Source after
# common.sh. They are fetched from the distribution, never committed: 楷体 as it
# comes, the others made TrueType (a PDF holds TrueType outlines). Licences:
# build/fonts.md.

packages_fonts=(fonts-lxgw-wenkai fonts-noto-cjk python3-fonttools)

# fonts: build/bin/fonts, beside the programs, where they look first. What was
# made once is kept in the person's cache.
fonts() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/qianshao/fonts-1 name jobs=() job
  local names=(FandolFang FandolHei FandolSong NotoSerifSC-Bold)
  mkdir -p "$bin/fonts" "$cache"
  if ! command -v apt-get >/dev/null; then
    say "Not a Debian or Ubuntu system: put TrueType fonts for 小标宋, 仿宋, 楷体, 黑体 and 宋体 into $bin/fonts"
    return 0
  fi
  apt_install "${packages_fonts[@]}" || return
  for name in "${names[@]}"; do
    [[ -s $cache/$name.ttf ]] || break
    [[ $name != "${names[-1]}" ]] || { _fonts_link "$cache"; return; }
  done
  scratch
  local dir=$made
  chmod 755 "$dir"
  # Only three files of a large package are wanted: it is not installed.
  (cd "$dir" && apt-get -q download texlive-lang-chinese >/dev/null) || return
  dpkg-deb --fsys-tarfile "$dir"/texlive-lang-chinese_*.deb |
    tar -x -C "$dir" --strip-components=9 --wildcards '*/fandol/Fandol*-Regular.otf' || return
  for name in Fang Hei Song; do
    _truetype "$dir/Fandol$name-Regular.otf" "$cache/Fandol$name.ttf" &
    jobs+=($!)
    ((${#jobs[@]} % 2)) || wait "${jobs[-1]}" "${jobs[-2]}" || return
  done
  _truetype /usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc:2 "$cache/NotoSerifSC-Bold.ttf" --chars gb &
  jobs+=($!)
  for job in "${jobs[@]}"; do
    wait "$job" || return
  done
  _fonts_link "$cache"
}

# _truetype IN OUT ARGS…: what is half made is not taken for done. Debian's
# python3 has the library, another python on PATH may not.
_truetype() {
  [[ ! -s $2 ]] || return 0
  /usr/bin/python3 "$root/build/lib/truetype.py" "$1" "$2.part" "${@:3}" && mv "$2.part" "$2"
}

_fonts_link() {
  local f
  for f in "$1"/*.ttf; do
    cmp -s "$f" "$bin/fonts/${f##*/}" || cp -f "$f" "$bin/fonts/"
  done
}
