package document

import "qianshao/syncserver/office"

// maxReserve is how many numbers may be set aside at once.
const maxReserve = 100

// ReserveNumbers is 预留: the next numbers of a series are set aside for papers to
// come. Only the server knows the next number.
type ReserveNumbers struct {
	Series string `json:"series"`
	Year   int    `json:"year,omitempty"` // none for a continuous series
	Count  int    `json:"count"`
	Words  string `json:"words"`
}

func (*ReserveNumbers) Kind() string      { return "document.reserve_numbers@1" }
func (x *ReserveNumbers) Locks() []string { return []string{"series:" + x.Series} }

// Run takes the numbers and enters each in the ledgers. CodeNotPermitted for
// anybody but the 文书, CodeState for a series that allows no 预留.
func (x *ReserveNumbers) Run(tx office.Tx, c office.Context) error {
	if err := checkNumber(x.Series, x.Year, 1); err != nil {
		return err
	}
	if x.Count < 1 || x.Count > maxReserve {
		return office.Invalid("count", "1 to %d", maxReserve)
	}
	if err := office.CheckLine("words", x.Words, 1, maxNote); err != nil {
		return err
	}
	if err := mustClerk(tx, c); err != nil {
		return err
	}
	s, err := seriesOf(tx, x.Series, x.Year)
	if err != nil {
		return err
	}
	if s.Closed != 0 {
		return office.Errorf(CodeSeriesClosed, "the series %s is closed until a clerk opens it", s.Code)
	}
	if !s.Reserve {
		return office.Errorf(office.CodeState, "%s allows no 预留", s.Code)
	}
	for range x.Count {
		n, err := take(tx, x.Series, x.Year)
		if err != nil {
			return err
		}
		if err := Numbers.Insert(tx, numberID(x.Series, x.Year, n), Number{
			Series: x.Series, Year: x.Year, N: n, Text: s.format(printed(x.Year, c.Now), n), State: NumberReserved, At: office.Millis(c.Now),
		}); err != nil {
			return err
		}
		if err := passOver(tx, c, x.Series, x.Year, n, n, GapReserved, x.Words); err != nil {
			return err
		}
	}
	return nil
}

// A Wish is the number that the 文书 entered for a paper by hand.
type Wish struct {
	Series string        `json:"series"`
	Year   int           `json:"year,omitempty"`
	N      int           `json:"n"`
	Words  string        `json:"words"`
	By     office.UserID `json:"by"`
}

// ChooseNumber is 补号: a reserved number, one that was passed over, or one ahead
// of the counter is put down for a paper, which gets it at 登记 and not before
// (L11). From then on no other paper can have it.
type ChooseNumber struct {
	ID    string `json:"id"` // of the paper
	Year  int    `json:"year,omitempty"`
	N     int    `json:"n"`
	Words string `json:"words"`
}

func (*ChooseNumber) Kind() string { return "document.choose_number@1" }

// Locks: the paper. The number itself is guarded by its entry in the ledger,
// whose id it is made of.
func (x *ChooseNumber) Locks() []string { return lockPaper(x.ID) }

// Run enters the number. CodeExists if it is somebody's or void, CodeState for a
// paper with a number, one without series, or a series that allows no 补号.
func (x *ChooseNumber) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := office.CheckLine("words", x.Words, 1, maxNote); err != nil {
		return err
	}
	if err := mustClerk(tx, c); err != nil {
		return err
	}
	h, err := Headers.Need(tx, x.ID)
	if err != nil {
		return err
	}
	switch {
	case h.Number != "" || h.NumberWish != nil:
		return office.Errorf(office.CodeState, "the paper has its number")
	case h.Series == "":
		return office.Errorf(office.CodeState, "no number series is chosen")
	case h.FlowState == Done:
		return office.Errorf(office.CodeState, "the paper is %q", h.FlowState)
	}
	if err := checkNumber(h.Series, x.Year, x.N); err != nil {
		return err
	}
	s, err := seriesOf(tx, h.Series, x.Year)
	if err != nil {
		return err
	}
	if s.Closed != 0 {
		return office.Errorf(CodeSeriesClosed, "the series %s is closed until a clerk opens it", s.Code)
	}
	if !s.Fill {
		return office.Errorf(office.CodeState, "%s allows no 补号", s.Code)
	}
	if err := hold(tx, c, x.ID, h.Series, s, *x); err != nil {
		return err
	}
	return Headers.Patch(tx, x.ID, office.Fields{
		"number_wish": Wish{Series: h.Series, Year: x.Year, N: x.N, Words: x.Words, By: c.Actor}, "updated": office.Millis(c.Now),
	})
}

// hold puts the number down for the paper.
func hold(tx office.Tx, c office.Context, paper, series string, s Series, x ChooseNumber) error {
	id := numberID(series, x.Year, x.N)
	e, at, err := Numbers.Get(tx, id)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Present && (e.State != NumberReserved || e.Document != ""):
		return &office.Error{Code: office.CodeExists, Field: "n", Message: e.Text}
	case at == office.Present:
		return Numbers.Patch(tx, id, office.Fields{"document": paper})
	}
	k, at, err := Counters.Get(tx, counterID(series, x.Year))
	if err != nil {
		return err
	}
	if at == office.Elsewhere {
		return office.ErrElsewhere()
	}
	next := max(k.Next, 1)
	if x.N >= next { // ahead of the counter: what lies between is passed over
		if at == office.Absent {
			err = Counters.Insert(tx, counterID(series, x.Year), Counter{Series: series, Year: x.Year, Next: x.N + 1})
		} else {
			err = Counters.Patch(tx, counterID(series, x.Year), office.Fields{"next": x.N + 1})
		}
		if err != nil {
			return err
		}
		if err := passOver(tx, c, series, x.Year, next, x.N-1, GapSkipped, x.Words); err != nil {
			return err
		}
		if err := passOver(tx, c, series, x.Year, x.N, x.N, GapReserved, x.Words); err != nil {
			return err
		}
	} else if g, ok, err := gapOf(tx, series, x.Year, x.N); err != nil {
		return err
	} else if !ok || g.Value.State != GapSkipped {
		return &office.Error{Code: office.CodeExists, Field: "n", Message: s.format(printed(x.Year, c.Now), x.N)}
	} else if gid, err := single(tx, g, x.N); err != nil {
		return err
	} else if err := Gaps.Patch(tx, gid, office.Fields{"state": GapReserved, "words": x.Words, "by": c.Actor, "at": office.Millis(c.Now)}); err != nil {
		return err
	}
	return Numbers.Insert(tx, id, Number{
		Series: series, Year: x.Year, N: x.N, Text: s.format(printed(x.Year, c.Now), x.N), State: NumberReserved, Document: paper, At: office.Millis(c.Now),
	})
}

// redeem gives a paper the number that was put down for it.
func redeem(tx office.Tx, c office.Context, paper, series string, w Wish) error {
	id := numberID(series, w.Year, w.N)
	e, err := Numbers.Need(tx, id)
	if err != nil {
		return err
	}
	if e.State != NumberReserved || e.Document != paper {
		return &office.Error{Code: office.CodeExists, Field: "n", Message: e.Text}
	}
	if err := Numbers.Patch(tx, id, office.Fields{"state": nil, "at": office.Millis(c.Now)}); err != nil {
		return err
	}
	g, ok, err := gapOf(tx, series, w.Year, w.N)
	if err != nil || !ok {
		return err
	}
	return Gaps.Patch(tx, g.ID, office.Fields{"state": GapUsed, "document": paper})
}

// VoidNumber is 作废: a number that will not be used, or whose paper came to
// nothing, is struck off with the reason. It is never given again.
type VoidNumber struct {
	Series string `json:"series"`
	Year   int    `json:"year,omitempty"`
	N      int    `json:"n"`
	Words  string `json:"words"`
}

func (*VoidNumber) Kind() string      { return "document.void_number@1" }
func (x *VoidNumber) Locks() []string { return []string{"series:" + x.Series} }

// Run strikes the number off. CodeState for a series that allows no 作废, a number
// that is void already, or one of a paper that is still under way.
func (x *VoidNumber) Run(tx office.Tx, c office.Context) error {
	if err := checkNumber(x.Series, x.Year, x.N); err != nil {
		return err
	}
	if err := office.CheckLine("words", x.Words, 1, maxNote); err != nil {
		return err
	}
	if err := mustClerk(tx, c); err != nil {
		return err
	}
	s, err := seriesOf(tx, x.Series, x.Year)
	if err != nil {
		return err
	}
	if !s.Void {
		return office.Errorf(office.CodeState, "%s allows no 作废", s.Code)
	}
	id := numberID(x.Series, x.Year, x.N)
	e, err := Numbers.Need(tx, id)
	if err != nil {
		return err
	}
	if e.State == NumberVoid {
		return office.Errorf(office.CodeState, "%s is void", e.Text)
	}
	if e.Document != "" {
		if err := voidPaper(tx, c, e); err != nil {
			return err
		}
	}
	if err := Numbers.Patch(tx, id, office.Fields{"state": NumberVoid}); err != nil {
		return err
	}
	set := office.Fields{"state": GapVoid, "words": x.Words, "by": c.Actor, "at": office.Millis(c.Now), "document": text(e.Document)}
	g, ok, err := gapOf(tx, x.Series, x.Year, x.N)
	if err != nil {
		return err
	}
	if !ok {
		if err := passOver(tx, c, x.Series, x.Year, x.N, x.N, GapVoid, x.Words); err != nil {
			return err
		}
		g.ID = gapID(x.Series, x.Year, x.N)
	}
	return Gaps.Patch(tx, g.ID, set)
}

// voidPaper takes the number, or the wish for it, from the paper that has it.
func voidPaper(tx office.Tx, c office.Context, e Number) error {
	h, at, err := Headers.Get(tx, e.Document)
	if err != nil || at != office.Present {
		return err
	}
	if h.NumberWish != nil && e.State == NumberReserved {
		return Headers.Patch(tx, e.Document, office.Fields{"number_wish": nil, "updated": office.Millis(c.Now)})
	}
	if h.FlowState != Done {
		return office.Errorf(office.CodeState, "the paper is %q", h.FlowState)
	}
	return Headers.Patch(tx, e.Document, office.Fields{"number_state": NumberVoid, "updated": office.Millis(c.Now)})
}
