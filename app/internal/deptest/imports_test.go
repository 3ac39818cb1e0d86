package deptest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// row says what one room may know. The standard library is free unless noStd
// names a package of it.
type row struct {
	room    string   // pattern of our packages
	ours    []string // patterns of our packages
	foreign []string // libraries, with everything inside them
	noStd   []string
	why     string
}

// Business libraries, pure and small: what a room's field needs.
var fields = []string{
	"github.com/teambition/rrule-go", // recurring events
	"github.com/expr-lang/expr",      // conditions of flows
	"github.com/6tail/lunar-go",      // lunar days, 节气
	"github.com/mozillazg/go-pinyin", // order and search of names
	"github.com/emersion/go-ical",    // calendars from elsewhere
	"github.com/emersion/go-vcard",   // cards from elsewhere
	"github.com/emersion/go-message", // mail as text
	"github.com/signintech/gopdf",    // pages of paper
	"github.com/xuri/excelize/v2",    // tables
	"golang.org/x/text",              // widths and collation
	"github.com/emmansun/gmsm",       // SM2 and SM3, which official proofs are made with
}

// What would make the office depend on where it runs.
var outside = []string{"net", "net/http", "net/rpc", "net/smtp", "database/sql", "log", "log/slog", "os", "os/exec", "os/signal", "os/user", "syscall", "plugin", "runtime/cgo"}

// The order matters: the first row that fits a package is its row.
var rows = []row{
	// The desktop.
	{room: "", ours: []string{"app", "frontend"},
		why: "main.go hands the page to the program and does nothing else"},
	{room: "frontend", why: "the page is files; it knows no Go"},
	{room: "app", ours: []string{"app/internal/...", "syncserver/office/...", "syncserver/paper/...", "syncserver/protocol/..."}, foreign: []string{"github.com/wailsapp/wails/v2"},
		why: "wires the desk together, so it may know every part of it"},
	{room: "app/cmd/desk", ours: []string{"app/internal/carry", "app/internal/engine", "app/internal/replica", "app/internal/settings", "app/internal/vault", "syncserver/office/...", "syncserver/protocol/..."},
		why: "the desk without a window: the same engine, the same profile, no Wails"},
	{room: "app/internal/desktop", ours: []string{"syncserver/office"}, foreign: []string{"github.com/wailsapp/wails/v2", "golang.org/x/sys"},
		why: "the only room that speaks Wails; of ours it knows errors and nothing of business"},
	{room: "app/internal/desktop/probe", ours: []string{"app/internal/desktop", "syncserver/office"},
		why: "a window for tests, like the product's"},
	{room: "app/internal/desktop/...",
		why: "helpers of the window know nothing of ours"},
	{room: "app/internal/carry", ours: []string{"app/internal/engine", "syncserver/office/..."},
		why: "what a person needs with them: it knows the rooms so that the engine need not"},
	{room: "app/internal/bridge", ours: []string{"app/internal/carry", "app/internal/engine", "app/internal/replica", "syncserver/office/...", "syncserver/paper/..."}, foreign: []string{"github.com/xuri/excelize/v2"},
		why: "what the page may call: it reads and commands through the engine and opens nothing"},
	{room: "app/internal/engine", ours: []string{"app/internal/replica/...", "app/internal/vault", "syncserver/office/...", "syncserver/protocol/..."}, foreign: []string{"github.com/robfig/cron/v3"},
		why: "the only writer of the replica; it knows no window and no server"},
	{room: "app/internal/replica/...", ours: []string{"app/internal/replica/...", "app/internal/vault", "syncserver/office", "syncserver/rowsql", "syncserver/sqlite"}, foreign: []string{"github.com/pressly/goose/v3"},
		why: "keeps records of any declared kind: it must not know a business room"},
	{room: "app/internal/vault", ours: []string{"syncserver/sqlite"}, foreign: []string{"github.com/gofrs/flock", "github.com/mattn/go-sqlite3"},
		why: "opens files and databases and knows nothing of what is in them"},
	{room: "app/internal/settings", ours: []string{"app/internal/vault", "syncserver/office", "syncserver/protocol/..."}, foreign: []string{"github.com/zalando/go-keyring", "golang.org/x/sys"},
		why: "whose profile it is, at which server, before any database is open"},
	{room: "app/internal/sim", ours: []string{"app/internal/...", "syncserver/..."}, foreign: []string{"pgregory.net/rapid", "github.com/anishathalye/porcupine"},
		why: "tests only: plays desks and servers against each other"},
	{room: "app/internal/proof", ours: []string{"app/internal/...", "syncserver/..."}, foreign: []string{"github.com/anishathalye/porcupine", "github.com/mattn/go-sqlite3"},
		why: "tests only: real sockets, real disks, former versions"},
	{room: "app/internal/proc", ours: []string{"app/internal/...", "syncserver/...", "build/trip/..."},
		why: "tests only: plays the built programs"},
	{room: "app/internal/bench", ours: []string{"app/internal/...", "syncserver/..."}, foreign: []string{"github.com/klauspost/compress", "golang.org/x/text"},
		why: "measures the parts beside raw limits; ships with nothing"},
	{room: "app/internal/deptest", why: "reads source and imports none of it"},

	// The office: what a desk and a server must decide alike.
	{room: "syncserver/office", noStd: outside,
		why: "the same on every machine: standard library only, no network, no files, no clock, no dice"},
	{room: "syncserver/office/directory", ours: []string{"syncserver/office"}, foreign: fields, noStd: outside,
		why: "what every other room may know of people: it knows no other room"},
	{room: "syncserver/office/catalog", ours: []string{"syncserver/office", "syncserver/office/*", "syncserver/office/approval/bpmn", "syncserver/paper"}, noStd: outside,
		why: "the explicit list of all kinds and commands: it names every room, and asks for the rules how a paper's pages are set"},
	{room: "syncserver/office/officetest", ours: []string{"syncserver/office", "syncserver/office/*"}, noStd: []string{"net", "database/sql"},
		why: "builders of people and flows for everybody's tests"},
	{room: "syncserver/office/approval/bpmn", ours: []string{"syncserver/office", "syncserver/office/approval"}, noStd: outside,
		why: "how a flow is written down: it knows flows, and flows do not know it"},
	{room: "syncserver/office/approval", ours: []string{"syncserver/office", "syncserver/office/directory", "syncserver/office/worktime"}, foreign: fields, noStd: outside,
		why: "a room like the others; its limits are counted in working time"},
	{room: "syncserver/office/*", ours: []string{"syncserver/office", "syncserver/office/directory"}, foreign: fields, noStd: outside,
		why: "rooms do not import each other: what one needs of another is a record read through Tx"},

	// The wire and the tables.
	{room: "syncserver/protocol", ours: []string{"syncserver/office"}, foreign: []string{"github.com/klauspost/compress"},
		why: "what passes between desk and server, and nothing of how either keeps it"},
	{room: "syncserver/protocol/client", ours: []string{"syncserver/office", "syncserver/protocol"}, foreign: []string{"github.com/go-resty/resty/v2", "github.com/klauspost/compress"},
		why: "the desk's half of the wire"},
	{room: "syncserver/paper/font", ours: []string{"syncserver/office/layout"},
		why: "the machine's fonts by the faces of a layout; it draws nothing"},
	{room: "syncserver/paper/pdf", ours: []string{"syncserver/office", "syncserver/office/layout", "syncserver/paper/font"}, foreign: []string{"github.com/klauspost/compress", "rsc.io/qr"},
		why: "writes the pages of a layout and knows no business"},
	{room: "syncserver/paper", ours: []string{"syncserver/office/...", "syncserver/paper/font", "syncserver/paper/pdf"},
		why: "makes a layout's input of records, on the desk and on the server alike"},
	{room: "syncserver/sqlite", foreign: []string{"github.com/mattn/go-sqlite3"},
		why: "the driver as both halves of the program need it; it opens nothing"},
	{room: "syncserver/rowsql", ours: []string{"syncserver/office"},
		why: "declared kinds as tables and queries, for the desk's database and the server's alike"},

	// The server.
	{room: "syncserver/internal/store", ours: []string{"syncserver/office", "syncserver/rowsql", "syncserver/protocol", "syncserver/sqlite"}, foreign: []string{"github.com/jackc/pgx/v5", "github.com/mattn/go-sqlite3", "github.com/pressly/goose/v3"},
		why: "keeps records of any declared kind and the stored outcomes as they go over the wire; knows no business room"},
	{room: "syncserver/internal/store/pgtest", foreign: []string{"github.com/jackc/pgx/v5"},
		why: "a PostgreSQL cluster inside a test; it knows no table of ours"},
	{room: "syncserver/internal/backup", ours: []string{"syncserver/office", "syncserver/internal/store"}, foreign: []string{"github.com/klauspost/compress"},
		why: "the store's contents as files and back; it knows tables, and no business room"},
	{room: "syncserver/internal/jobs", ours: []string{"syncserver/office", "syncserver/rowsql", "syncserver/internal/store"}, foreign: []string{"github.com/robfig/cron/v3"},
		why: "work queued in the same transaction: it needs the store and nothing that queues it"},
	{room: "syncserver/internal/identity", ours: []string{"syncserver/office", "syncserver/office/directory", "syncserver/protocol", "syncserver/rowsql", "syncserver/internal/store"}, foreign: []string{"golang.org/x/crypto", "github.com/go-ldap/ldap/v3", "github.com/coreos/go-oidc/v3"},
		why: "who somebody is and what they may see: below the authority, beside the jobs"},
	{room: "syncserver/internal/blobs", ours: []string{"syncserver/office"}, foreign: []string{"github.com/minio/minio-go/v7"},
		why: "contents of files by their hash: it knows no record, no person, no right"},
	{room: "syncserver/internal/authority", ours: []string{"syncserver/office/...", "syncserver/protocol", "syncserver/rowsql", "syncserver/internal/store", "syncserver/internal/jobs", "syncserver/internal/blobs"},
		why: "runs commands for real; it knows no HTTP and no sessions"},
	{room: "syncserver/internal/httpd", ours: []string{"syncserver/office", "syncserver/protocol", "syncserver/internal/authority", "syncserver/internal/identity", "syncserver/internal/store"}, foreign: []string{"github.com/prometheus/client_golang", "github.com/klauspost/compress"},
		why: "the edge: turns requests into calls, decides nothing"},
	{room: "syncserver/internal/sealer", ours: []string{"syncserver/office", "syncserver/office/seal", "syncserver/internal/store"},
		why: "holds the key that proves traces: it knows the store and no room but the one that says what a seal is"},
	{room: "syncserver/internal/wiring/...", ours: []string{"syncserver/internal/...", "syncserver/office/...", "syncserver/protocol/...", "syncserver/rowsql"},
		why: "puts a server together for the program and for tests; decides nothing"},
	{room: "syncserver/internal/demo", ours: []string{"syncserver/office/...", "syncserver/protocol", "syncserver/internal/..."},
		why: "the demonstration office, made through the same commands as a real one"},
	{room: "syncserver/servertest", ours: []string{"syncserver/..."},
		why: "a whole server inside a test"},
	{room: "syncserver/cmd/syncserver", ours: []string{"syncserver/..."}, foreign: []string{"github.com/gofrs/flock", "github.com/prometheus/client_golang"},
		why: "flags and wiring, so it knows every part of the server, and nothing of the desk"},

	// Scripts.
	{room: "build/trip/...", ours: []string{"build/trip/...", "syncserver/protocol", "syncserver/office/..."},
		why: "tells a story through the built programs: it must not reach into them"},
}

// testTools are libraries that only tests use.
var testTools = []string{"pgregory.net/rapid", "github.com/anishathalye/porcupine"}

// forTests says what tests may import beyond their room's row. They are not
// shipped, so they may reach around on their own side; what they may not is
// drag the other side in, or make the office depend on what runs it.
var forTests = []row{
	{room: "syncserver/office/catalog", ours: []string{"syncserver/protocol"},
		why: "compares the limits that both state"},
	{room: "syncserver/office/approval/...", ours: []string{"syncserver/office/officetest", "syncserver/office/worktime", "syncserver/office/directory", "syncserver/office/approval/bpmn"},
		why: "the office is tested with its own builders"},
	{room: "syncserver/office/...", ours: []string{"syncserver/office/officetest"},
		why: "the office is tested with its own builders"},
	{room: "syncserver/rowsql", ours: []string{"syncserver/office/..."}, foreign: []string{"github.com/mattn/go-sqlite3"},
		why: "statements are tried on a real database"},
	{room: "syncserver/...", ours: []string{"syncserver/..."},
		why: "a server's room is tested through the whole server, never through a desk"},
	{room: "app/...", ours: []string{"app/internal/...", "syncserver/..."},
		why: "a desk is tested against a real server"},
	{room: "build/trip/...", ours: []string{"build/trip/...", "syncserver/..."},
		why: "the story is tested against a server"},
}

func rowOf(table []row, pkg string) (row, bool) {
	for _, r := range table {
		if matches(r.room, pkg) {
			return r, true
		}
	}
	return row{}, false
}

// judge answers why a file of a room may not import a path, or "".
func judge(r row, f file, imported string) string {
	var test row
	if f.test {
		test, _ = rowOf(forTests, f.pkg)
	}
	if ours, ok := inside(imported); ok {
		if ours == f.pkg || matchesAny(r.ours, ours) || matchesAny(test.ours, ours) {
			return ""
		}
		return "not among what this room may know"
	}
	if standard(imported) {
		if !f.test && matchesAny(r.noStd, imported) {
			return "the office must not depend on where it runs"
		}
		return ""
	}
	if library(r.foreign, imported) || library(test.foreign, imported) || f.test && library(testTools, imported) {
		return ""
	}
	return "not among the libraries of this room"
}

// library reports whether a path is one of these libraries or inside one.
func library(libraries []string, imported string) bool {
	return slices.ContainsFunc(libraries, func(l string) bool { return imported == l || strings.HasPrefix(imported, l+"/") })
}

func TestWhoMayImportWhom(t *testing.T) {
	missing := map[string]bool{}
	for _, f := range goFiles(t) {
		r, ok := rowOf(rows, f.pkg)
		if !ok {
			if !missing[f.pkg] {
				missing[f.pkg] = true
				t.Errorf("%s has no row: say in imports_test.go what it may import, and why", f.pkg)
			}
			continue
		}
		for _, i := range f.imports {
			if why := judge(r, f, i); why != "" {
				t.Errorf("%s imports %s: %s (%s)", f.path, i, why, r.why)
			}
		}
	}
}

// The walls themselves, tried: each of these must be stopped or let through.
func TestTheTableStops(t *testing.T) {
	for _, c := range []struct {
		pkg, imports string
		test, stop   bool
	}{
		{"syncserver/office", "os", false, true},
		{"syncserver/office", "database/sql", false, true},
		{"syncserver/office", "github.com/google/uuid", false, true},
		{"syncserver/office", "qianshao/syncserver/office/directory", false, true},
		{"syncserver/office/approval", "qianshao/syncserver/office/directory", false, false},
		{"syncserver/office/approval", "qianshao/syncserver/office/calendar", false, true},
		{"syncserver/office/approval", "qianshao/syncserver/office/officetest", false, true},
		{"syncserver/office/approval", "qianshao/syncserver/office/officetest", true, false},
		{"syncserver/office/approval", "qianshao/syncserver/office/calendar", true, true},
		{"syncserver/office/approval", "qianshao/syncserver/internal/store", true, true},
		{"syncserver/internal/httpd", "qianshao/syncserver/internal/wiring", true, false},
		{"syncserver/internal/httpd", "qianshao/app/internal/engine", true, true},
		{"syncserver/office/calendar", "github.com/teambition/rrule-go", false, false},
		{"syncserver/office/calendar", "github.com/go-resty/resty/v2", false, true},
		{"syncserver/office/calendar", "net/http", false, true},
		{"syncserver/office/calendar", "log/slog", false, true},
		{"app/internal/bridge", "github.com/wailsapp/wails/v2/pkg/runtime", false, true},
		{"app/internal/bridge", "qianshao/app/internal/vault", false, true},
		{"app/internal/engine", "qianshao/app/internal/bridge", false, true},
		{"app/internal/replica", "qianshao/syncserver/office/approval", false, true},
		{"app/internal/replica", "qianshao/syncserver/rowsql", false, false},
		{"app/internal/replica", "github.com/mattn/go-sqlite3", false, true},
		{"syncserver/internal/authority", "qianshao/syncserver/internal/httpd", false, true},
		{"syncserver/internal/store", "qianshao/syncserver/internal/authority", false, true},
		{"syncserver/cmd/syncserver", "qianshao/app/internal/engine", false, true},
		{"app/internal/desktop", "github.com/wailsapp/wails/v2", false, false},
		{"app/cmd/desk", "github.com/wailsapp/wails/v2", false, true},
		{"frontend", "qianshao/app", false, true},
	} {
		r, ok := rowOf(rows, c.pkg)
		if !ok {
			t.Errorf("%s has no row", c.pkg)
			continue
		}
		why := judge(r, file{pkg: c.pkg, test: c.test}, c.imports)
		if (why != "") != c.stop {
			t.Errorf("%s importing %s (test: %v): %q, want stopped: %v", c.pkg, c.imports, c.test, why, c.stop)
		}
	}
	for _, r := range slices.Concat(rows, forTests) {
		if strings.TrimSpace(r.why) == "" {
			t.Error(fmt.Sprintf("%q", r.room), "has no reason")
		}
	}
}

// Wails stands apart: tests too may only use it where the window is.
func TestWailsOnlyInTheWindow(t *testing.T) {
	allowed := []string{"", "app", "app/internal/desktop"}
	for _, f := range goFiles(t) {
		for _, i := range f.imports {
			if strings.HasPrefix(i, "github.com/wailsapp/") && !slices.Contains(allowed, f.pkg) {
				t.Errorf("%s imports %s: only main.go, app and app/internal/desktop speak Wails", f.path, i)
			}
		}
	}
}
