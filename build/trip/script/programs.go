package script

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Programs are the executables under test.
type Programs struct {
	Server string
	Desk   string
	Runner []string // what runs the desk, such as wine64; nil: the system itself
}

// Office is one server and the people who work with it.
type Office struct {
	Programs
	Dir   string   // everything of this office lies under it
	Env   []string // added to the environment of all programs
	Serve []string // further options of the server, such as --offline-term

	mu     sync.Mutex
	server *exec.Cmd
	done   chan struct{}
	url    string
	log    *os.File
}

// New makes an office in dir, which is made if need be.
func New(p Programs, dir string) (*Office, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return nil, err
	}
	return &Office{Programs: p, Dir: abs}, nil
}

// Data is the server's folder.
func (o *Office) Data() string { return filepath.Join(o.Dir, "server") }

// PID is the process of the server that runs, 0 if none does.
func (o *Office) PID() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.server == nil || o.server.Process == nil {
		return 0
	}
	return o.server.Process.Pid
}

// URL is the server's address; the same after each start.
func (o *Office) URL() string { return o.url }

// Admin runs the server's program with other arguments than serve, to its end,
// and gives what it printed.
func (o *Office) Admin(ctx context.Context, stdin string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, o.Server, args...)
	cmd.Env = append(os.Environ(), o.Env...)
	cmd.Stdin = strings.NewReader(stdin)
	prepare(cmd)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("syncserver %s: %w: %s", strings.Join(args, " "), err, tail(errs.String()))
	}
	return out.String(), nil
}

// tail is the end of a program's messages.
func tail(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 600 {
		return "…" + s[len(s)-600:]
	}
	return s
}

// patience is how long a program may take to start or to end.
const patience = 60 * time.Second

// Start starts the server and waits until it answers. A server that is running
// is left alone.
func (o *Office) Start(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.server != nil {
		return nil
	}
	addr := strings.TrimPrefix(o.url, "http://")
	if addr == "" {
		free, err := freeAddress()
		if err != nil {
			return err
		}
		addr = free
	}
	if o.log == nil {
		f, err := os.OpenFile(filepath.Join(o.Dir, "server.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			return err
		}
		o.log = f
	}
	cmd := exec.Command(o.Server, append([]string{"serve", "--data", o.Data(), "--listen", addr}, o.Serve...)...)
	cmd.Env = append(os.Environ(), o.Env...)
	cmd.Stdout, cmd.Stderr = o.log, o.log
	prepare(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is in its log
		close(done)
	}()
	o.server, o.done, o.url = cmd, done, "http://"+addr
	if err := o.healthy(ctx); err != nil {
		o.kill()
		return err
	}
	return nil
}

// freeAddress is a loopback address nobody listens on at the moment.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// healthy waits until the server answers.
func (o *Office) healthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.url+"/healthz", nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-tick.C:
		case <-o.done:
			return fmt.Errorf("the server ended at once; see %s", o.log.Name())
		case <-ctx.Done():
			return errors.New("the server does not answer")
		}
	}
}

// Kill ends the server at once, as a power cut would.
func (o *Office) Kill() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kill()
}

func (o *Office) kill() {
	if o.server == nil {
		return
	}
	_ = o.server.Process.Kill() // it may have ended by itself
	<-o.done
	o.server = nil
}

// Close ends the server and gives everything but the folder back.
func (o *Office) Close() {
	o.Kill()
	if o.log != nil {
		_ = o.log.Close()
		o.log = nil
	}
}
