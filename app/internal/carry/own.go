package carry

import (
	"encoding/json"
	"strings"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office/document"
)

// Keys of drafts: the autosave of a paper's editor, and what is left of one
// whose paper was taken away.
const (
	AutosavePrefix = "document/"
	LostPrefix     = "lost/"
)

// autosave is what Own needs of an autosave: what the editor holds and what it
// began with.
type autosave struct {
	Now, Base struct {
		ID      string `json:"id"`
		Title   string `json:"title"`
		Note    string `json:"note"`
		Reason  string `json:"reason"`
		Contact string `json:"contact"`
		Blocks  []struct {
			ID   string `json:"id"`
			Text string `json:"text"`
		} `json:"blocks"`
	}
}

// Own says which paper an autosave is about and what of it the person wrote: the
// elements and paragraphs that are not as they were. They stay, under LostPrefix
// and as a text, when the paper is taken from the person; all else is the
// office's. It is an engine's option.
func Own(d engine.Draft) (kind, id string, own *engine.Draft) {
	if !strings.HasPrefix(d.Key, AutosavePrefix) {
		return "", "", nil
	}
	id, words := Words(d.Body)
	if id == "" {
		return "", "", nil
	}
	kind = document.Headers.Name
	if words == "" {
		return kind, id, nil
	}
	body, err := json.Marshal(words)
	if err != nil {
		return kind, id, nil // a string encodes
	}
	return kind, id, &engine.Draft{Key: LostPrefix + id, Body: body, At: d.At}
}

// Words is what the person wrote in an autosave, and the paper it is about, ""
// for one that is not made yet.
func Words(body json.RawMessage) (paper, text string) {
	var x autosave
	if json.Unmarshal(body, &x) != nil {
		return "", ""
	}
	var words []string
	add := func(now, base string) {
		if now = strings.TrimSpace(now); now != "" && now != strings.TrimSpace(base) {
			words = append(words, now)
		}
	}
	add(x.Now.Title, x.Base.Title)
	add(x.Now.Note, x.Base.Note)
	add(x.Now.Reason, x.Base.Reason)
	add(x.Now.Contact, x.Base.Contact)
	// A paragraph that only got another id, or was moved, is the office's too.
	was := map[string]string{}
	texts := map[string]bool{}
	for _, b := range x.Base.Blocks {
		was[b.ID] = b.Text
		texts[strings.TrimSpace(b.Text)] = true
	}
	for _, b := range x.Now.Blocks {
		if !texts[strings.TrimSpace(b.Text)] {
			add(b.Text, was[b.ID])
		}
	}
	return x.Now.ID, strings.Join(words, "\n")
}
