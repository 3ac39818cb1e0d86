package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"qianshao/app/internal/settings"
)

// program is everything a run of the desk touches outside its profile.
type program struct {
	in       io.Reader
	out, err io.Writer
	system   settings.System
	now      func() time.Time
	rand     io.Reader
	network  http.RoundTripper // nil: the real one
}

// call is one verb with its arguments.
type call struct {
	*program
	verb    *verb
	folder  *settings.Folder
	profile string // as given
	json    bool
	args    []string // positional
	flags   flags
}

// flags are the options of all verbs; each verb declares those it has.
type flags struct {
	server, user, passwordFile, machine string
	insecure                            bool
	watch                               bool
	view, order                         string
	where                               repeated
	desc                                bool
	limit                               int
	all                                 bool
	online                              bool
	name, to                            string
	many                                bool
}

// repeated is a flag that may be given many times.
type repeated []string

func (r *repeated) String() string { return strings.Join(*r, ",") }

func (r *repeated) Set(s string) error {
	*r = append(*r, s)
	return nil
}

// verb is one thing the desk can do.
type verb struct {
	name     string // one or two words
	args     string // for the help
	help     string
	min, max int // number of positional arguments
	needs    need
	flags    func(*flag.FlagSet, *flags)
	run      func(context.Context, *call) error
}

// need is how a verb uses the profile.
type need int

const (
	needNothing need = iota // no profile at all
	needRead                // reads a profile, without a lock
	needLock                // changes a profile: one process at a time
)

// run carries out one command line and answers the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	c, err := p.parse(args)
	if err == nil {
		err = c.do(ctx)
	}
	if err == nil {
		return exitDone
	}
	asJSON := slices.Contains(args, "--json") || slices.Contains(args, "-json")
	return p.complain(err, asJSON)
}

func (c *call) do(ctx context.Context) error {
	if c.verb.needs != needNothing {
		dir := c.profile
		if dir == "" {
			d, err := c.system.Profile()
			if err != nil {
				return err
			}
			dir = d
		}
		f, err := settings.At(dir)
		if err != nil {
			return usage("%v", err)
		}
		c.folder = f
	}
	return c.verb.run(ctx, c)
}

// parse reads a command line. Options may stand anywhere before a "--".
func (p *program) parse(args []string) (*call, error) {
	c := &call{program: p}
	var literal []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, literal = args[:i], args[i+1:]
	}
	// The verb is the first word that belongs to no option.
	global := flag.NewFlagSet("desk", flag.ContinueOnError)
	c.common(global)
	global.SetOutput(io.Discard)
	if err := global.Parse(args); err != nil {
		return nil, asUsage(err)
	}
	rest := global.Args()
	if len(rest) == 0 {
		return nil, usage("缺少动词（见 desk help）")
	}
	rest = c.findVerb(rest)
	if c.verb == nil {
		return nil, usage("没有动词 %q（见 desk help）", rest[0])
	}
	own := flag.NewFlagSet(c.verb.name, flag.ContinueOnError)
	own.SetOutput(io.Discard)
	c.common(own)
	if c.verb.flags != nil {
		c.verb.flags(own, &c.flags)
	}
	for {
		if err := own.Parse(rest); err != nil {
			return nil, asUsage(err)
		}
		if rest = own.Args(); len(rest) == 0 {
			break
		}
		c.args, rest = append(c.args, rest[0]), rest[1:]
	}
	c.args = append(c.args, literal...)
	if n := len(c.args); n < c.verb.min || n > c.verb.max {
		return nil, usage("用法：desk %s %s", c.verb.name, c.verb.args)
	}
	return c, nil
}

func (c *call) common(fs *flag.FlagSet) {
	fs.StringVar(&c.profile, "profile", c.profile, "")
	fs.BoolVar(&c.json, "json", c.json, "")
}

// findVerb takes the verb's words off rest; a verb of two words goes before
// one of one.
func (c *call) findVerb(rest []string) []string {
	vs := verbs()
	for n := min(2, len(rest)); n > 0; n-- {
		name := strings.Join(rest[:n], " ")
		for i := range vs {
			if vs[i].name == name {
				c.verb = &vs[i]
				return rest[n:]
			}
		}
	}
	return rest
}

func help(_ context.Context, c *call) error {
	fmt.Fprintf(c.out, "desk %s — 前哨：不带窗口的客户端\n\ndesk [--profile DIR] [--json] VERB …\n\n", version)
	for _, v := range verbs() {
		fmt.Fprintf(c.out, "  %s\n      %s\n", strings.TrimSpace(v.name+" "+v.args), v.help)
	}
	fmt.Fprintf(c.out, `
DIR 默认取环境变量 %s，再取本人的资料目录。
status、list、show、outbox、search、history、export-log、doctor、verify 只读，可与别的程序同时使用一个资料目录；
其余动词在资料目录被占用时以 5 退出。

退出码：0 完成 · 1 本机或资料目录有故障 · 2 用法或输入有误 · 3 被拒 · 4 连不上服务器 · 5 资料目录被占用
`, settings.ProfileEnv)
	return nil
}
