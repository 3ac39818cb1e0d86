package bridge

import (
	"context"
	"encoding/json"
)

// wordsKey names the words of an act that was not given yet.
func wordsKey(task string) string { return "words/" + task }

// KeepWords stores what the person writes before they act, on this desk alone;
// "" forgets it.
func (s *Approvals) KeepWords(task, words string) error {
	return do(s.core, "Approvals.KeepWords", func(ctx context.Context, a *at) error {
		if words == "" {
			return a.desk.DeleteDraft(ctx, wordsKey(task))
		}
		raw, err := json.Marshal(words)
		if err != nil {
			return err
		}
		return a.desk.SaveDraft(ctx, wordsKey(task), raw)
	})
}

// KeptWords is what KeepWords stored last; "" for nothing.
func (s *Approvals) KeptWords(task string) (string, error) {
	return signedIn(s.core, "Approvals.KeptWords", func(ctx context.Context, a *at) (string, error) {
		d, ok, err := a.desk.Draft(ctx, wordsKey(task))
		if err != nil || !ok {
			return "", err
		}
		var words string
		return words, json.Unmarshal(d.Body, &words)
	})
}
