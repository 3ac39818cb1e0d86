package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"qianshao/syncserver/protocol"
)

// password reads the first line of a file, or of standard input for "-". It
// never stands on the command line, where others would read it.
func (p *program) password(file string) (string, error) {
	in := p.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("read password: %w", err)
		}
		defer f.Close()
		in = f
	} else if f, ok := p.in.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode()&os.ModeCharDevice != 0 {
			fmt.Fprintln(p.err, "password (it will be visible; --password-file avoids that):")
		}
	}
	line, err := bufio.NewReader(io.LimitReader(in, protocol.MaxPassword+2)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("read password: the first line is empty")
	}
	return line, nil
}
