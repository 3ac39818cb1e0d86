package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Limits of taking one picture.
const (
	drawn   = 40 * time.Second       // until the window must have drawn
	between = 700 * time.Millisecond // between two looks at the screen
	ends    = 10 * time.Second       // until the window must have ended
)

// picture opens the window on a profile, waits until what it shows stands still
// and keeps a picture of the screen.
func picture(ctx context.Context, window, profile, server, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	empty, err := screen(ctx)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, window, "--profile", profile, "--server", server)
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &errs, &errs
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the window: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	shot, err := still(ctx, empty, done)
	if err != nil {
		_ = cmd.Process.Kill() // it may be gone already
		return fmt.Errorf("%w: %.500s", err, errs.String())
	}
	if err := os.WriteFile(path, shot, 0o644); err != nil {
		return err
	}
	return quit(cmd, done)
}

// still waits until two looks at the screen are the same and not as it was
// before the window opened.
func still(ctx context.Context, empty []byte, done <-chan error) ([]byte, error) {
	last := empty
	same := 0
	tick := time.NewTicker(between)
	defer tick.Stop()
	end := time.NewTimer(drawn)
	defer end.Stop()
	for {
		select {
		case <-done:
			return nil, errors.New("the window ended by itself")
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-end.C:
			if bytes.Equal(last, empty) {
				return nil, errors.New("the window shows nothing")
			}
			return last, nil // something on it moves; the picture is as good as any
		case <-tick.C:
		}
		now, err := screen(ctx)
		if err != nil {
			return nil, err
		}
		if same++; !bytes.Equal(now, last) || bytes.Equal(now, empty) {
			same = 0
		}
		if last = now; same >= 3 {
			return now, nil
		}
	}
}

// screen is a picture of the whole screen.
func screen(ctx context.Context) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "import", "-silent", "-window", "root", "-strip", "-define", "png:exclude-chunks=date,time", "png:-")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("look at the screen: %w: %s", err, errs.String())
	}
	return out.Bytes(), nil
}

// quit asks the window to end and waits for it.
func quit(cmd *exec.Cmd, done <-chan error) error {
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		_ = cmd.Process.Kill() // SIGTERM does not exist on Windows
	}
	select {
	case <-done:
		return nil
	case <-time.After(ends):
		_ = cmd.Process.Kill()
		<-done
		return errors.New("the window did not end when asked")
	}
}
