package identity

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

const good = "Tr4velling-by-train"

// world is an identity over a store of its own, with a clock that stands still.
type world struct {
	*Identity
	t      *testing.T
	dir    string
	store  *store.Store
	now    time.Time
	people map[office.UserID]Person
	log    *bytes.Buffer
	lost   []string // devices of which the authority was told
}

// devices does what the authority does at log-in.
type devices struct{ w *world }

func (d devices) RegisterDevice(ctx context.Context, uid office.UserID, dev, install string) error {
	return d.w.store.Write(ctx, func(q store.Q) error {
		had, ok, err := store.FindDevice(ctx, q, dev, true)
		if err != nil {
			return err
		}
		if ok && had.UID != uid {
			return &office.Error{Code: office.CodeNotPermitted}
		}
		return store.AddDevice(ctx, q, store.Device{Dev: dev, UID: uid, Origin: dev, Install: install}, d.w.now)
	})
}

// LoseDevice writes down what the authority is told.
func (d devices) LoseDevice(_ context.Context, dev string) error {
	d.w.lost = append(d.w.lost, dev)
	return nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	ks, err := office.NewKinds(office.Conflicts.Kind)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, dir: t.TempDir(), now: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), log: &bytes.Buffer{},
		people: map[office.UserID]Person{"lin-zhiyuan": {Name: "林知远", Active: true}, "xu-nanqiao": {Name: "许南乔", Active: true}},
	}
	c := store.Config{Dir: w.dir, Kinds: ks}
	if onPostgres {
		c.Dir, c.URL = "", pg.Database(t)
	}
	if w.store, err = store.Open(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	w.Identity = w.over(w.store)
	w.add("linzhiyuan", "lin-zhiyuan", good)
	w.add("xunanqiao", "xu-nanqiao", "Another-good-one")
	return w
}

func (w *world) over(s *store.Store) *Identity {
	w.t.Helper()
	i, err := New(Options{
		Store: s, Devices: devices{w}, Now: func() time.Time { return w.now }, Rand: rand.Reader, Params: quick,
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
		People: func(_ context.Context, _ store.Q, uid office.UserID) (Person, bool, error) {
			p, ok := w.people[uid]
			return p, ok, nil
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func (w *world) add(name string, uid office.UserID, password string) {
	w.t.Helper()
	if err := w.Add(w.t.Context(), name, uid, password); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) login(name, password string) (protocol.LoginReply, error) {
	return w.Login(w.t.Context(), protocol.LoginRequest{User: name, Password: password, Install: "i"}, "10.0.0.9")
}

func (w *world) in(name, password string) (string, Session) {
	w.t.Helper()
	r, err := w.login(name, password)
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := w.Session(w.t.Context(), r.Token)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Token, s
}

func (w *world) open(token string) bool {
	w.t.Helper()
	_, err := w.Session(w.t.Context(), token)
	if err != nil && office.CodeOf(err) != protocol.CodeSession {
		w.t.Fatal(err)
	}
	return err == nil
}

func wantCode(t *testing.T, err error, code office.Code) {
	t.Helper()
	if got := office.CodeOf(err); got != code {
		t.Errorf("code %q, want %q (%v)", got, code, err)
	}
}

func TestLoginOpensASession(t *testing.T) {
	w := newWorld(t)
	r, err := w.login("  LinZhiYuan ", good)
	if err != nil {
		t.Fatal(err)
	}
	if r.User != "lin-zhiyuan" || r.Name != "林知远" || !office.ValidID(r.Device) || r.Expires != w.now.Add(30*24*time.Hour).UnixMilli() {
		t.Errorf("reply %+v", r)
	}
	s, err := w.Session(t.Context(), r.Token)
	if err != nil || s.UID != "lin-zhiyuan" || s.Device != r.Device || s.Name != "linzhiyuan" {
		t.Errorf("session %+v, %v", s, err)
	}
	r2, err := w.login("linzhiyuan", good)
	if err != nil || r2.Token == r.Token || r2.Device == r.Device {
		t.Errorf("the second log-in is %+v, %v", r2, err)
	}
	if n, err := w.Open(t.Context()); n != 2 || err != nil {
		t.Errorf("%d sessions, %v", n, err)
	}
}

func TestAddRefuses(t *testing.T) {
	w := newWorld(t)
	w.people["zhou-muye"] = Person{Name: "周牧野", Active: true}
	for _, c := range []struct {
		name     string
		uid      office.UserID
		password string
		code     office.Code
	}{
		{"", "zhou-muye", good, office.CodeInvalid},
		{"a", "zhou-muye", good, office.CodeInvalid},
		{"zhou muye", "zhou-muye", good, office.CodeInvalid},
		{"周牧野", "zhou-muye", good, office.CodeInvalid},
		{"zhou'; DROP TABLE account; --", "zhou-muye", good, office.CodeInvalid},
		{strings.Repeat("z", 65), "zhou-muye", good, office.CodeInvalid},
		{"zhoumuye", "zhou-muye", "short", protocol.CodeWeak},
		{"zhoumuye", "zhou-muye", "zhoumuye-2026-x", protocol.CodeWeak},
		{"zhoumuye", "nobody", good, office.CodeNotFound},
		{"linzhiyuan", "zhou-muye", good, office.CodeExists},
		{"LINZHIYUAN", "zhou-muye", good, office.CodeExists},
		{"second", "lin-zhiyuan", good, office.CodeExists},
	} {
		wantCode(t, w.Add(t.Context(), c.name, c.uid, c.password), c.code)
	}
	as, err := w.Accounts(t.Context())
	if err != nil || len(as) != 2 || as[0].Name != "linzhiyuan" || as[1].UID != "xu-nanqiao" {
		t.Errorf("accounts %+v, %v", as, err)
	}
}

// Nobody, a wrong password, a disabled account and a person who has left all
// look the same.
func TestNoEnumeration(t *testing.T) {
	w := newWorld(t)
	w.people["old"] = Person{Name: "", Active: true}
	w.add("disabled", "old", good)
	if err := w.Disable(t.Context(), "disabled"); err != nil {
		t.Fatal(err)
	}
	w.people["gone"] = Person{Name: "", Active: true}
	w.add("goneaway", "gone", good)
	w.people["gone"] = Person{Name: "", Active: false}
	w.people["erased"] = Person{Name: "", Active: true}
	w.add("erased", "erased", good)
	delete(w.people, "erased")
	names := map[string]string{"nobody": good, "linzhiyuan": "wrong-password", "disabled": good, "goneaway": good, "erased": good, "ab\x00c": good, "": good}
	for name, password := range names {
		var answers []string
		for range 6 {
			_, err := w.login(name, password)
			e := office.AsError(err)
			var l *Locked
			errors.As(err, &l)
			b, _ := json.Marshal(struct {
				E *office.Error
				L *Locked
			}{e, l})
			answers = append(answers, string(b))
		}
		for n, a := range answers {
			want := `{"E":{"code":"bad_credentials"},"L":null}`
			if n == 5 {
				want = `{"E":{"code":"account_locked","message":"1 min"},"L":{"For":60000000000}}`
			}
			if a != want {
				t.Errorf("%q, attempt %d: %s", name, n+1, a)
			}
		}
	}
}

// Names nobody has cost a hash too: the dummy's costs are those of new hashes.
func TestDummyHasTheSameCosts(t *testing.T) {
	w := newWorld(t)
	p, _, _, err := parsePHC(w.dummy)
	if err != nil || p != w.o.Params {
		t.Errorf("dummy %q, %v", w.dummy, err)
	}
	// A log-in takes a slot to hash whether or not the name exists.
	for _, name := range []string{"linzhiyuan", "nobody", "not a name"} {
		w.slots = make(chan struct{}) // taken when the test receives, free again when it sends
		done := make(chan error, 1)
		go func() {
			_, err := w.login(name, "wrong-password")
			done <- err
		}()
		select {
		case <-w.slots:
			w.slots <- struct{}{}
			wantCode(t, <-done, protocol.CodeCredentials)
		case err := <-done:
			t.Errorf("%s answered without a hash: %v", name, err)
		}
	}
}

func TestLockAndUnlock(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		_, err := w.login("linzhiyuan", "wrong-password")
		wantCode(t, err, protocol.CodeCredentials)
	}
	_, err := w.login("linzhiyuan", good)
	wantCode(t, err, protocol.CodeLocked) // the right one does not help
	var l *Locked
	if !errors.As(err, &l) || l.For != time.Minute {
		t.Errorf("locked for %+v", l)
	}
	if _, err := w.login("xunanqiao", "Another-good-one"); err != nil {
		t.Errorf("another account is locked too: %v", err)
	}
	w.now = w.now.Add(59 * time.Second)
	_, err = w.login("linzhiyuan", good)
	wantCode(t, err, protocol.CodeLocked)
	w.now = w.now.Add(time.Second)
	if _, err = w.login("linzhiyuan", good); err != nil {
		t.Fatal(err)
	}
	for range 4 { // the right one made a new start
		_, err := w.login("linzhiyuan", "wrong-password")
		wantCode(t, err, protocol.CodeCredentials)
	}
	if _, err = w.login("linzhiyuan", good); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		w.login("linzhiyuan", "wrong-password")
	}
	if err := w.SetPassword(t.Context(), "linzhiyuan", "Set-by-the-administrator"); err != nil {
		t.Fatal(err)
	}
	if _, err = w.login("linzhiyuan", "Set-by-the-administrator"); err != nil {
		t.Errorf("an administrator's password does not unlock: %v", err)
	}
}

// A lock survives a restart, and a crash between counting and comparing
// forgives nothing.
func TestLockIsStored(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		if err := w.countAttempt(t.Context(), "linzhiyuan", w.now); err != nil {
			t.Fatal(err)
		}
	}
	again := w.over(w.store)
	_, err := again.Login(t.Context(), protocol.LoginRequest{User: "linzhiyuan", Password: good, Install: "i"}, "")
	wantCode(t, err, protocol.CodeLocked)
}

// Guesses at the same time are counted each.
func TestGuessesAtOnce(t *testing.T) {
	w := newWorld(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	tried := 0
	for range 40 {
		wg.Go(func() {
			if _, err := w.login("linzhiyuan", "wrong-password"); office.CodeOf(err) == protocol.CodeCredentials {
				mu.Lock()
				tried++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if tried != 5 {
		t.Errorf("%d of 40 guesses were compared, want 5", tried)
	}
}

func TestSessionExpiresAndSlides(t *testing.T) {
	w := newWorld(t)
	token, s := w.in("linzhiyuan", good)
	day := 24 * time.Hour
	w.now = w.now.Add(30*day - time.Second)
	if !w.open(token) { // used on the last second: 30 days more
		t.Fatal("ended too early")
	}
	w.now = w.now.Add(30 * day)
	if w.open(token) {
		t.Error("open after 30 idle days")
	}
	if w.open(token) {
		t.Error("open again")
	}
	if err := w.GC(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.now = s.Expires // a clock set back does not bring it back
	if w.open(token) {
		t.Error("open after removal")
	}

	token, _ = w.in("linzhiyuan", good)
	start := w.now
	for w.now.Sub(start) < 180*day {
		if !w.open(token) {
			t.Fatalf("ended after %s of use", w.now.Sub(start))
		}
		w.now = w.now.Add(10 * day)
	}
	if w.open(token) {
		t.Error("open after 180 days")
	}
}

// Using a session does not write each time.
func TestSlideIsRare(t *testing.T) {
	w := newWorld(t)
	token, s := w.in("linzhiyuan", good)
	w.now = w.now.Add(59 * time.Minute)
	s2, err := w.Session(t.Context(), token)
	if err != nil || !s2.Expires.Equal(s.Expires) {
		t.Errorf("moved after 59 minutes: %v %v %v", s.Expires, s2.Expires, err)
	}
	w.now = w.now.Add(time.Minute)
	if s2, err = w.Session(t.Context(), token); err != nil || !s2.Expires.Equal(s.Expires.Add(time.Hour)) {
		t.Errorf("not moved after an hour: %v %v", s2.Expires, err)
	}
}

func TestWhatEndsSessions(t *testing.T) {
	for name, c := range map[string]struct {
		act          func(w *world, s Session) error
		self, second bool // is the session open afterwards; is the same person's other one
	}{
		"log-out": {func(w *world, s Session) error { return w.Logout(t.Context(), s) }, false, true},
		"disable": {func(w *world, s Session) error { return w.Disable(t.Context(), "linzhiyuan") }, false, false},
		"person disabled": {func(w *world, s Session) error {
			w.people[s.UID] = Person{Name: "林知远", Active: false}
			return nil
		}, false, false},
		"person removed": {func(w *world, s Session) error { delete(w.people, s.UID); return nil }, false, false},
		"end all":        {func(w *world, s Session) error { _, err := w.EndSessions(t.Context(), s.UID); return err }, false, false},
		"set password":   {func(w *world, s Session) error { return w.SetPassword(t.Context(), "linzhiyuan", "Yet-another-one") }, false, false},
		"own password": {func(w *world, s Session) error {
			return w.ChangePassword(t.Context(), s, protocol.PasswordRequest{Old: good, New: "Yet-another-one"}, "")
		}, true, false},
		"wrong old password": {func(w *world, s Session) error {
			if err := w.ChangePassword(t.Context(), s, protocol.PasswordRequest{Old: "x", New: "Yet-another-one"}, ""); err == nil {
				return errors.New("taken")
			}
			return nil
		}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			t1, s1 := w.in("linzhiyuan", good)
			t2, _ := w.in("linzhiyuan", good)
			t3, _ := w.in("xunanqiao", "Another-good-one")
			if err := c.act(w, s1); err != nil {
				t.Fatal(err)
			}
			if got := w.open(t1); got != c.self {
				t.Errorf("its session is open: %t", got)
			}
			if got := w.open(t2); got != c.second {
				t.Errorf("the person's other session is open: %t", got)
			}
			if !w.open(t3) {
				t.Error("somebody else's session ended")
			}
		})
	}
}

func TestEndedIsTold(t *testing.T) {
	w := newWorld(t)
	_, s := w.in("linzhiyuan", good)
	_, other := w.in("xunanqiao", "Another-good-one")
	a, stopA := w.Ended(s.ID)
	defer stopA()
	b, stopB := w.Ended(s.ID)
	stopB()
	c, stopC := w.Ended(other.ID)
	defer stopC()
	if err := w.RevokeDevice(t.Context(), s.Device); err != nil {
		t.Fatal(err)
	}
	<-a
	again, stopAgain := w.Ended(s.ID)
	defer stopAgain()
	if err := w.Disable(t.Context(), "linzhiyuan"); err != nil {
		t.Fatal(err)
	}
	<-again
	select {
	case <-b:
		t.Error("told after stop")
	case <-c:
		t.Error("told of another's end")
	default:
	}
	stopA()
	if len(w.ends.watch) != 1 {
		t.Errorf("%d watched sessions are left, want 1", len(w.ends.watch))
	}
}

func TestPasswordOfOnesOwn(t *testing.T) {
	w := newWorld(t)
	_, s := w.in("linzhiyuan", good)
	change := func(old, new string) error {
		return w.ChangePassword(t.Context(), s, protocol.PasswordRequest{Old: old, New: new}, "")
	}
	wantCode(t, change(good, "short"), protocol.CodeWeak)
	wantCode(t, change(good, good), protocol.CodeWeak)
	wantCode(t, change(good, "linzhiyuan-and-more"), protocol.CodeWeak)
	if err := change(good, "A-new-word-for-it"); err != nil {
		t.Fatal(err)
	}
	_, err := w.login("linzhiyuan", good)
	wantCode(t, err, protocol.CodeCredentials)
	if _, err := w.login("linzhiyuan", "A-new-word-for-it"); err != nil {
		t.Fatal(err)
	}
	for range 5 { // a stolen token is no way to guess the password
		wantCode(t, change("guess", "Whatever-it-may-be"), protocol.CodeCredentials)
	}
	wantCode(t, change("A-new-word-for-it", "Whatever-it-may-be"), protocol.CodeLocked)
}

func TestDevices(t *testing.T) {
	w := newWorld(t)
	login := func(name, password, dev string) (protocol.LoginReply, error) {
		return w.Login(t.Context(), protocol.LoginRequest{User: name, Password: password, Device: dev, Install: "i", Name: "笔记本"}, "")
	}
	r, err := login("linzhiyuan", good, "")
	if err != nil {
		t.Fatal(err)
	}
	again, err := login("linzhiyuan", good, r.Device)
	if err != nil || again.Device != r.Device {
		t.Errorf("the same device again: %+v, %v", again, err)
	}
	_, err = login("xunanqiao", "Another-good-one", r.Device)
	wantCode(t, err, protocol.CodeDevice)
	_, err = login("xunanqiao", "wrong", r.Device)
	wantCode(t, err, protocol.CodeCredentials) // without the password nothing is learnt of the device
	fork := store.Device{Dev: "fork-of-it", UID: "lin-zhiyuan", Origin: r.Device, Install: "i"}
	if err := w.store.Write(t.Context(), func(q store.Q) error { return store.AddDevice(t.Context(), q, fork, w.now) }); err != nil {
		t.Fatal(err)
	}
	forked, err := login("linzhiyuan", good, "fork-of-it")
	if err != nil {
		t.Fatal(err)
	}
	ds, err := w.DevicesOf(t.Context(), "lin-zhiyuan")
	if err != nil || len(ds) != 2 || ds[0].Name != "笔记本" || ds[0].Sessions != 2 || ds[1].Sessions != 1 || ds[0].State != store.DeviceActive {
		t.Errorf("devices %+v, %v", ds, err)
	}
	if err := w.RevokeDevice(t.Context(), r.Device); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{forked.Token, r.Token, again.Token} {
		if s, err := w.Session(t.Context(), token); err != nil || !s.Wiped {
			t.Errorf("a session of a revoked device or of its fork: %+v, %v", s, err)
		}
	}
	for _, dev := range []string{r.Device, "fork-of-it"} {
		r, err := login("linzhiyuan", good, dev)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := w.Session(t.Context(), r.Token); err != nil || !s.Wiped {
			t.Errorf("a revoked device: %+v, %v", s, err)
		}
	}
	fresh, err := login("linzhiyuan", good, "")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := w.Session(t.Context(), fresh.Token); err != nil || s.Wiped {
		t.Errorf("a new device: %+v, %v", s, err)
	}
	wantCode(t, w.RevokeDevice(t.Context(), "none"), office.CodeNotFound)
}

func TestBadTokens(t *testing.T) {
	w := newWorld(t)
	token, s := w.in("linzhiyuan", good)
	for _, bad := range []string{
		"", "qs_", token + "x", token[:len(token)-1], strings.ToUpper(token), "x" + token[1:], s.ID, "qs_" + s.ID[:43],
		"' OR 1=1 --", strings.Repeat("A", len(token)),
	} {
		if w.open(bad) {
			t.Errorf("%q opened a session", bad)
		}
	}
}

// Neither passwords nor tokens reach the disk or the log.
func TestSecretsAreNotKept(t *testing.T) {
	w := newWorld(t)
	token, s := w.in("linzhiyuan", good)
	w.login("linzhiyuan", "A-wrong-guess-77")
	w.login("typed-my-password-here", "x")
	for range 6 {
		w.login("typed-my-password-here", "x")
	}
	if err := w.ChangePassword(t.Context(), s, protocol.PasswordRequest{Old: good, New: "The-newest-password"}, "10.1.1.1"); err != nil {
		t.Fatal(err)
	}
	w.store.Close()
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, f := range append(files, "log") {
		b := w.log.Bytes()
		if f != "log" {
			if b, err = os.ReadFile(f); err != nil {
				t.Fatal(err)
			}
		} else if !bytes.Contains(b, []byte("linzhiyuan")) || !bytes.Contains(b, []byte("10.0.0.9")) {
			t.Errorf("the log does not say who and where from:\n%s", b)
		}
		for _, secret := range []string{token, token[3:], good, "The-newest-password", "A-wrong-guess-77", "typed-my-password-here"} {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s holds %q", filepath.Base(f), secret)
			}
		}
	}
}

// Hashes of former costs are renewed at the next log-in.
func TestRehash(t *testing.T) {
	w := newWorld(t)
	w.o.Params.Time = 2
	if _, err := w.login("linzhiyuan", "wrong-password"); err == nil {
		t.Fatal("a wrong password was taken")
	}
	hash := func() string {
		var h string
		err := w.store.Read(t.Context(), func(q store.Q) error {
			a, err := w.account(t.Context(), q, "linzhiyuan")
			h = a.hash
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	if !strings.Contains(hash(), "t=1,") {
		t.Errorf("renewed after a wrong password: %s", hash())
	}
	token, _ := w.in("linzhiyuan", good)
	if !strings.Contains(hash(), "t=2,") {
		t.Errorf("not renewed: %s", hash())
	}
	if _, err := w.login("linzhiyuan", good); err != nil || !w.open(token) {
		t.Errorf("after renewal: %v", err)
	}
}
