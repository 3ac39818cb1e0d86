package bridge

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/rules"
)

// Check is what the rules find about a paper: with the person's task, what
// would stand in the way of agreeing to it now; without, its form.
func (s *Documents) Check(id, task string) (Findings, error) {
	return signedIn(s.core, "Documents.Check", func(ctx context.Context, a *at) (Findings, error) {
		if err := office.CheckID("id", id); err != nil {
			return Findings{}, err
		}
		tx, c := &reading{ctx: ctx, at: a}, office.Context{Actor: a.uid, Now: a.now, Claimed: a.now}
		var found []rules.Finding
		var err error
		if task == "" {
			found, err = catalog.Check(tx, c, id, nil, nil)
		} else {
			found, err = catalog.Foresee(tx, c, &approval.Approve{Task: task, Subject: id})
		}
		if err != nil {
			return Findings{}, err
		}
		return a.findings(ctx, id, found)
	})
}

// CheckDraft is Check for what the editor holds and nobody has saved.
func (s *Documents) CheckDraft(in DraftInput) (Findings, error) {
	return signedIn(s.core, "Documents.CheckDraft", func(ctx context.Context, a *at) (Findings, error) {
		p := &rules.Paper{
			ID: in.ID, Direction: in.Kind, Genre: in.Genre, Title: in.Title, To: in.To, CC: in.CC, Level: in.Level, Urgency: in.Urgency,
			Publicity: in.Publicity, PublicityReason: in.Reason, Issuer: in.Issuer, Seal: in.Form.Seal, SignTitle: in.Form.SignTitle, AlsoSigned: in.Form.AlsoSigned, Joint: in.Form.Joint, CopyNo: in.Form.CopyNo, Present: in.Form.Present, Copies: in.Copies, Note: in.Note,
			From: in.From, FromNumber: in.FromNumber, Handling: in.Handling, Drafter: a.uid, Leader: office.UserID(in.Leader),
			Signer: office.UserID(in.Signer), CosignUnits: in.CosignUnits, Leaders: users(in.Leaders), Undertakers: users(in.Undertakers), Series: in.Series,
		}
		blocks := make([]rules.Block, len(in.Blocks))
		for i, b := range in.Blocks {
			blocks[i] = rules.Block(b)
		}
		found, err := catalog.Check(&reading{ctx: ctx, at: a}, office.Context{Actor: a.uid, Now: a.now, Claimed: a.now}, in.ID, p, blocks)
		if err != nil {
			return Findings{}, err
		}
		return a.findings(ctx, in.ID, found)
	})
}

// Justify gives the reason that a warning asks for.
func (s *Documents) Justify(in JustifyInput) (Done, error) {
	return signedIn(s.core, "Documents.Justify", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Document, &rules.Justify{Paper: in.Document, Rule: in.Rule, Key: in.Key, Words: in.Words})
	})
}

// Answer answers a checklist.
func (s *Documents) Answer(in AnswerInput) (Done, error) {
	return signedIn(s.core, "Documents.Answer", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Document, &rules.Answer{Paper: in.Document, Checklist: in.Checklist, Yes: full(in.Yes), Words: in.Words})
	})
}

// elementKeys are the elements that the editor's form calls otherwise.
var elementKeys = map[string]string{"cosign_units": "cosignUnits", "publicity_reason": "reason", "from_number": "fromNumber",
	"copy_no": "copyNo", "sign_title": "signTitle", "also_signed": "alsoSigned"}

func elementKey(name string) string { return cmp.Or(elementKeys[name], name) }

func said(t rules.Text) Said { return Said{ZH: t.ZH, EN: t.EN} }

func (a *at) findings(ctx context.Context, id string, found []rules.Finding) (Findings, error) {
	var out Findings
	names := a.names(ctx)
	for _, x := range found {
		r, _ := rules.Find(x.Rule)
		f := Finding{
			Rule: x.Rule, Name: said(r.Name), Source: r.Source, Grade: string(x.Grade), Message: said(x.Message), Key: x.Key,
			Element: x.Place.Element, Block: x.Place.Block, From: x.Place.From, To: x.Place.To,
			Above: len(x.By) > 0 && !a.holds(ctx, x.By),
		}
		for _, m := range x.Mends {
			v := Mend{Label: said(m.Label), Block: m.Block, Words: m.Words}
			for _, x := range m.Sets {
				s := MendSet{Field: elementKey(x.Element)}
				if json.Unmarshal(x.Value, &s.List) != nil {
					s.List = nil
					_ = json.Unmarshal(x.Value, &s.Text) // a list or a text: rules offer nothing else
				}
				v.Sets = append(v.Sets, s)
			}
			f.Mends = append(f.Mends, v)
		}
		if g := x.Given; g != nil {
			by, _, err := names.official(g.By)
			if err != nil {
				return out, err
			}
			f.Given = &Reason{Words: g.Words, By: names.person(string(g.By), by), At: g.At}
		}
		out.List = append(out.List, f)
	}
	for _, l := range rules.Checklists() {
		asked := slices.ContainsFunc(found, func(x rules.Finding) bool { return x.Rule == l.ID })
		if !asked || !a.fills(ctx, l.Post) {
			continue
		}
		v := Checklist{ID: l.ID}
		for _, it := range l.Items {
			v.Items = append(v.Items, ChecklistItem{ID: it.ID, Text: said(it.Text), Good: it.Good})
		}
		out.Checklists = append(out.Checklists, v)
	}
	if id != "" {
		_, ok, err := get(ctx, a, document.Headers, id)
		if err != nil {
			return out, err
		}
		out.Saved = ok
	}
	return out, nil
}

// me is this desk's person in the directory.
func (a *at) me(ctx context.Context) directory.Official {
	p, _, err := get(ctx, a, directory.People, string(a.uid))
	if err != nil {
		return directory.Official{}
	}
	return p.Value
}

func (a *at) holds(ctx context.Context, roles []string) bool {
	return slices.ContainsFunc(roles, a.me(ctx).HasRole)
}

func (a *at) fills(ctx context.Context, post string) bool { return a.me(ctx).HasPost(post) }
