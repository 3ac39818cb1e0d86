package bridge

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"unicode/utf8"

	"qianshao/syncserver/office"
)

// Settings are the person's preferences on this machine.
type Settings struct{ core *core }

// Limits of preferences.
const (
	maxPhrases = 60
	maxPhrase  = 200 // characters
	minText    = 100
	maxText    = 160

	maxLists    = 60
	maxListName = 40 // characters
	maxColumns  = 20
)

var clockTime = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

func defaults() Preferences {
	return Preferences{
		Theme: "auto", Scale: "auto", Text: minText, Language: "zh-CN",
		Notify: true, Detail: "title", QuietFrom: "22:00", QuietTo: "07:00",
	}
}

// Get reads the preferences; what was never set has its default.
func (s *Settings) Get() (Preferences, error) {
	return call(s.core, "Settings.Get", func(context.Context) (Preferences, error) {
		p := defaults()
		raw, err := s.core.host.Preferences()
		if err != nil || len(raw) == 0 {
			return p, err
		}
		if err := json.Unmarshal(raw, &p); err != nil || p.check() != nil {
			return defaults(), nil // a broken file of preferences must not keep anybody out
		}
		return p, nil
	})
}

// Set keeps the preferences.
func (s *Settings) Set(p Preferences) (Preferences, error) {
	return call(s.core, "Settings.Set", func(context.Context) (Preferences, error) {
		if err := p.check(); err != nil {
			return p, err
		}
		raw, err := json.Marshal(p)
		if err != nil {
			return p, err
		}
		return p, s.core.host.SavePreferences(raw)
	})
}

func (p Preferences) check() error {
	switch {
	case !slices.Contains([]string{"auto", "light", "dark"}, p.Theme):
		return office.Invalid("theme", "%q", p.Theme)
	case !slices.Contains([]string{"auto", "leader", "clerk"}, p.Scale):
		return office.Invalid("scale", "%q", p.Scale)
	case p.Text < minText || p.Text > maxText:
		return office.Invalid("text", "%d to %d", minText, maxText)
	case !slices.Contains([]string{"zh-CN", "en"}, p.Language):
		return office.Invalid("language", "%q", p.Language)
	case !slices.Contains([]string{"title", "count"}, p.Detail):
		return office.Invalid("detail", "%q", p.Detail)
	case !clockTime.MatchString(p.QuietFrom):
		return office.Invalid("quiet_from", "%q", p.QuietFrom)
	case !clockTime.MatchString(p.QuietTo):
		return office.Invalid("quiet_to", "%q", p.QuietTo)
	case len(p.Phrases) > maxPhrases:
		return office.Invalid("phrases", "at most %d", maxPhrases)
	}
	if len(p.Lists) > maxLists {
		return office.Invalid("lists", "at most %d", maxLists)
	}
	for _, l := range p.Lists {
		if n := utf8.RuneCountInString(l.Name); n == 0 || n > maxListName || l.ID == "" || len(l.ID) > 64 || len(l.Columns) > maxColumns {
			return office.Invalid("lists", "a name of 1 to %d characters", maxListName)
		}
		if _, err := (ListQuery{Kind: l.Kind, Queue: l.Queue, Filter: l.Filter, Order: l.Order}).check(); err != nil {
			return err
		}
	}
	for _, x := range p.Phrases {
		if n := utf8.RuneCountInString(x); n == 0 || n > maxPhrase {
			return office.Invalid("phrases", "1 to %d characters", maxPhrase)
		}
	}
	return nil
}

// About says what runs here and what of others' is in it.
func (s *Settings) About() (About, error) {
	return call(s.core, "Settings.About", func(context.Context) (About, error) {
		p := s.core.host.Program()
		return About{
			Version: p.Version, Protocol: p.Protocol, Schema: p.Schema, Go: p.Go, System: p.System,
			Libraries: p.Libraries, CanNotify: s.core.host.CanNotify(),
		}, nil
	})
}
