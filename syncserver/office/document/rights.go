package document

import (
	"slices"

	"qianshao/syncserver/office"
)

// lockPaper is the lock of a paper and all that happens to it; package approval
// takes the same for every act on it.
func lockPaper(id string) []string { return []string{"subject:" + id} }

// who may change a paper, by the state of its flow.
var editing = map[string]func(h Header, who office.UserID) bool{
	Draft:    author,
	Returned: func(h Header, who office.UserID) bool { return author(h, who) || asked(h, who) },
	Running:  asked,
	// Done: nobody.
}

// author is the drafter and those he asked to help.
func author(h Header, who office.UserID) bool {
	return h.Drafter == who || slices.Contains(h.Editors, who)
}

// asked is whom the present step lets change the text.
func asked(h Header, who office.UserID) bool { return slices.Contains(h.FlowEditors, who) }

// mayEdit refuses whoever may not change the paper now.
func mayEdit(h Header, who office.UserID) error {
	allowed, ok := editing[h.FlowState]
	if !ok {
		return office.Errorf(office.CodeState, "the paper is %q", h.FlowState)
	}
	if who == "" || !allowed(h, who) {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	return nil
}
