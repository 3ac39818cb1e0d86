package bridge

import (
	"cmp"
	"context"
	"errors"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// archivePage is how many papers one reading on line brings.
const archivePage = 60

// check is the query for the server; names and values are held against what a
// list may say.
func (q ArchiveQuery) check() (office.Query, error) {
	where, err := ListQuery{Kind: q.Kind, Filter: ListFilter{Genres: q.Genres, Since: q.Since, Before: q.Before}}.check()
	if err != nil {
		return office.Query{}, err
	}
	if err := office.CheckLine("number", q.Number, 0, 100); err != nil {
		return office.Query{}, err
	}
	if q.Number != "" {
		where = append(where, office.Where("number", q.Number))
	}
	order := "created"
	if q.Kind == document.Incoming {
		order = "received"
	}
	return office.Query{Kind: document.Headers.Name, View: "direction", Where: where, Order: order, Desc: true, After: q.After, Limit: archivePage}, nil
}

// Archive is one page of the papers as the server has them: those too that have
// left this desk or never lived here, under the same right to read. CodeOffline
// without the server.
func (s *Documents) Archive(q ArchiveQuery) (ArchivePage, error) {
	return signedIn(s.core, "Documents.Archive", func(ctx context.Context, a *at) (ArchivePage, error) {
		var out ArchivePage
		ask, err := q.check()
		if err != nil {
			return out, err
		}
		rs, next, err := a.desk.ReadOnline(ctx, ask)
		if err != nil {
			return out, err
		}
		rows, err := decoded[document.Header](rs)
		if err != nil {
			return out, err
		}
		out.Next = next
		names := a.names(ctx)
		for _, h := range rows {
			d := a.documentRow(names, h, marks{})
			r := ArchiveRow{ID: h.ID, Title: d.Title, Number: d.Number, Unit: d.Unit, Genre: d.Genre, State: d.State, Step: d.Step, Day: d.Created}
			if d.Kind == document.Incoming {
				r.Number, r.Day = cmp.Or(d.Register, d.Number), d.Updated
			}
			out.Rows = append(out.Rows, r)
		}
		return out, nil
	})
}

// Whereabouts says of papers whether they are on this desk and whether the
// person keeps them here, in the order of the ids.
func (s *Documents) Whereabouts(ids []string) ([]Whereabouts, error) {
	return signedIn(s.core, "Documents.Whereabouts", func(ctx context.Context, a *at) ([]Whereabouts, error) {
		if len(ids) > maxWhereabouts {
			return nil, office.Invalid("ids", "at most %d", maxWhereabouts)
		}
		pinned, err := a.pinned(ctx)
		if err != nil {
			return nil, err
		}
		pending, err := a.desk.PendingOf(ctx, office.Pins.Name)
		if err != nil {
			return nil, err
		}
		out := make([]Whereabouts, len(ids))
		for i, id := range ids {
			_, here, err := a.desk.Get(ctx, document.Headers.Name, id)
			if err != nil {
				return nil, err
			}
			out[i] = Whereabouts{ID: id, Here: here, Pinned: pinned[id], Waiting: len(pending[office.PinID(a.uid, document.Headers.Name, id)]) > 0}
		}
		return out, nil
	})
}

// maxWhereabouts is about how many papers one call tells.
const maxWhereabouts = 5000

// Pin keeps a paper, with its texts, files and flow, on this person's desks;
// title shows it until it is here. A paper that is neither here nor to be asked
// for is pinned without its flow.
func (s *Documents) Pin(id, title string) (Done, error) {
	return signedIn(s.core, "Documents.Pin", func(ctx context.Context, a *at) (Done, error) {
		title = clip(title, 300)
		flow, err := a.flowOf(ctx, id)
		if err != nil {
			return Done{}, err
		}
		done, err := a.give(ctx, id, &office.SetPin{Of: document.Headers.Name, Record: id, Title: title})
		if err != nil || flow == "" {
			return done, err
		}
		_, err = a.give(ctx, id, &office.SetPin{Of: approval.Instances.Name, Record: flow, Title: title})
		return done, err
	})
}

// Unpin lets it leave by the office's rule.
func (s *Documents) Unpin(id string) (Done, error) {
	return signedIn(s.core, "Documents.Unpin", func(ctx context.Context, a *at) (Done, error) {
		flow, err := a.flowOf(ctx, id)
		if err != nil {
			return Done{}, err
		}
		if flow != "" {
			if _, err := a.give(ctx, id, &office.ClearPin{Of: approval.Instances.Name, Record: flow}); err != nil {
				return Done{}, err
			}
		}
		return a.give(ctx, id, &office.ClearPin{Of: document.Headers.Name, Record: id})
	})
}

// flowOf is the instance that a paper goes through, "" for none or if nobody
// can say.
func (a *at) flowOf(ctx context.Context, id string) (string, error) {
	on, _, err := a.reach(ctx, id)
	if errors.Is(err, &office.Error{Code: CodeNotHere}) || errors.Is(err, &office.Error{Code: office.CodeNotFound}) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	h, _, err := get(ctx, on, document.Headers, id)
	return h.Value.Flow, err
}

// isPinned reports whether the person has pinned a paper.
func (a *at) isPinned(ctx context.Context, id string) (bool, error) {
	_, ok, err := a.desk.Get(ctx, office.Pins.Name, office.PinID(a.uid, document.Headers.Name, id))
	return ok, err
}
