package demo

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/rules"
)

// script collects what people do; play then does it in the order of time.
type script struct {
	clock
	acts   []act
	labels map[string]int
	err    error // the first mistake in writing the script
}

// act is one command of one person. Most commands are known when the script is
// written; those that answer a task or a text are made when their time has come,
// which may turn out to ask for nothing: no command.
type act struct {
	at   time.Time
	who  office.UserID
	mid  string
	cmd  office.Command
	make func(*stage) (office.Command, error)
}

// key is the mid of an act: the same script gives the same mids, and nothing is
// done twice (sync.md §4).
func (s *script) key(label string) string {
	s.labels[label]++
	return office.DeriveID("demo", label, strconv.Itoa(s.labels[label]))
}

func (s *script) do(at time.Time, who office.UserID, label string, cmd office.Command) {
	s.acts = append(s.acts, act{at: at, who: who, mid: s.key(label), cmd: cmd})
}

func (s *script) later(at time.Time, who office.UserID, label string, make func(*stage) (office.Command, error)) {
	s.acts = append(s.acts, act{at: at, who: who, mid: s.key(label), make: make})
}

// inOrder are the acts by time; acts of one moment keep the order of the script.
func (s *script) inOrder() []act {
	out := slices.Clone(s.acts)
	slices.SortStableFunc(out, func(a, b act) int { return a.at.Compare(b.at) })
	return out
}

// paper is one document whose life the script tells.
type paper struct {
	s    *script
	name string
	id   string
}

// ID is the id of a thing of the demonstration: the same on every machine.
func ID(sort, name string) string { return office.DeriveID("demo", sort, name) }

func (s *script) paper(name string) paper { return paper{s, name, ID("document", name)} }

// draft begins an outgoing or internal paper.
func (p paper) draft(at time.Time, who office.UserID, x document.DraftPaper) paper {
	x.ID = p.id
	p.s.do(at, who, "draft:"+p.name, &x)
	return p
}

// register enters an incoming paper.
func (p paper) register(at time.Time, who office.UserID, x document.Register) paper {
	x.ID = p.id
	p.s.do(at, who, "register:"+p.name, &x)
	return p
}

// start sends the paper on its way.
func (p paper) start(at time.Time, who office.UserID, flow string) paper {
	p.s.do(at, who, "start:"+p.name, &approval.Start{
		ID: ID("instance", p.name), Flow: flow, SubjectKind: document.Headers.Name, Subject: p.id,
	})
	return p
}

// approve is the person's 同意 on the text as it is then.
func (p paper) approve(at time.Time, who office.UserID, words string) paper {
	if who == chu {
		p.answer(at, who, "livelihood", "problem")
	}
	p.s.later(at, who, "approve:"+p.name+":"+string(who), func(st *stage) (office.Command, error) {
		id, t, hash, err := st.asked(p, who)
		return &approval.Approve{Task: id, Subject: p.id, TaskRev: t.Rev, Step: t.Step, SeenHash: hash, Words: words}, err
	})
	return p
}

// answer answers 三发三不发 (L12), where the paper is a 发文 at 核稿; elsewhere nothing
// is asked and nothing done.
func (p paper) answer(at time.Time, who office.UserID, yes ...string) paper {
	p.s.later(at, who, "answer:"+p.name, func(st *stage) (office.Command, error) {
		var h document.Header
		if err := st.read(document.Headers.Name, p.id, &h); err != nil || h.Direction != document.Outgoing || h.FlowStepID != "hegao" {
			return nil, err
		}
		return &rules.Answer{Paper: p.id, Checklist: "L12", Yes: yes}, nil
	})
	return p
}

// explain gives the reason for each warning that stands in the way of the
// person's 同意; where there is none, nothing is done.
func (p paper) explain(at time.Time, who office.UserID, words string) paper {
	p.s.later(at, who, "explain:"+p.name+":"+string(who), func(st *stage) (office.Command, error) {
		id, _, _, err := st.asked(p, who)
		if err != nil {
			return nil, err
		}
		var found []rules.Finding
		_, err = st.mem.Update(func(tx office.Tx) error {
			found, err = catalog.Foresee(tx, office.Context{Actor: who, Now: at, Claimed: at}, &approval.Approve{Task: id, Subject: p.id})
			return err
		})
		for _, x := range found {
			if x.Grade == rules.Warn && x.Given == nil {
				return &rules.Justify{Paper: p.id, Rule: x.Rule, Key: x.Key, Words: words}, err
			}
		}
		return nil, err
	})
	return p
}

// giveBack returns the paper to a step it has passed, or with "" to its sender.
func (p paper) giveBack(at time.Time, who office.UserID, step, words string) paper {
	p.s.later(at, who, "return:"+p.name+":"+string(who), func(st *stage) (office.Command, error) {
		id, t, hash, err := st.asked(p, who)
		return &approval.Return{Task: id, Subject: p.id, TaskRev: t.Rev, Step: t.Step, SeenHash: hash, Words: words, To: step}, err
	})
	return p
}

// hand gives the person's task to another.
func (p paper) hand(at time.Time, who, to office.UserID, words string) paper {
	p.s.later(at, who, "transfer:"+p.name+":"+string(who), func(st *stage) (office.Command, error) {
		id, t, _, err := st.asked(p, who)
		return &approval.Transfer{Task: id, Subject: p.id, TaskRev: t.Rev, Step: t.Step, To: to, Words: words}, err
	})
	return p
}

// set changes elements of the paper.
func (p paper) set(at time.Time, who office.UserID, set map[string]any) paper {
	p.s.later(at, who, "edit:"+p.name+":"+string(who), func(st *stage) (office.Command, error) {
		changes, err := st.changes(document.Headers.Name, p.id, set)
		return &document.Edit{ID: p.id, Changes: changes}, err
	})
	return p
}

// reword gives a block of the text other words.
func (p paper) reword(at time.Time, who office.UserID, block, text string) paper {
	p.s.later(at, who, "reword:"+p.name+":"+string(who), func(st *stage) (office.Command, error) {
		var h document.Header
		var b document.Body
		if err := st.read(document.Headers.Name, p.id, &h); err != nil {
			return nil, err
		}
		if err := st.read(document.Bodies.Name, p.id, &b); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(b.Blocks, func(x document.Block) bool { return x.ID == block })
		if i < 0 {
			return nil, fmt.Errorf("%s has no block %s", p.name, block)
		}
		old := b.Blocks[i]
		now := old
		now.Text = text
		return &document.SaveBody{ID: p.id, BaseRev: h.Rev, Ops: []document.Op{{Op: document.OpSet, Block: block, Old: &old, New: &now}}}, nil
	})
	return p
}

// circulate sends copies for reading.
func (p paper) circulate(at time.Time, who office.UserID, must bool, words string, readers ...office.UserID) paper {
	p.s.do(at, who, "circulate:"+p.name, &approval.Circulate{
		ID: ID("circulation", p.name), SubjectKind: document.Headers.Name, Subject: p.id, To: readers, Must: must, Words: words,
	})
	return p
}

// read marks a reader's copy of the paper.
func (p paper) read(at time.Time, who office.UserID, words string) paper {
	p.s.do(at, who, "read:"+p.name+":"+string(who), &approval.Read{
		ID: approval.CopyID(ID("circulation", p.name), who), Words: words,
	})
	return p
}
