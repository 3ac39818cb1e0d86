package document

import (
	"cmp"
	"slices"
	"strconv"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// CodeSeriesClosed refuses a number while a series is closed: the server was
// put back to a backup, and numbers may have been given that it has forgotten.
// The person sends again once a clerk has opened the series.
const CodeSeriesClosed office.Code = "series_closed"

// maxLost is how many numbers a server may have given and forgotten: what lies
// beyond is not believed.
const maxLost = 1000

// A Seen is the highest number of a year that a desk has told a restored
// server of.
type Seen struct {
	Year int           `json:"year"`
	N    int           `json:"n"`
	By   office.UserID `json:"by"`
}

// CloseSeries closes all number series after the server was put back to a
// backup. The system alone gives it.
type CloseSeries struct {
	Epoch string `json:"epoch"` // of the history that begins
}

func (*CloseSeries) Kind() string      { return "document.close_series@1" }
func (x *CloseSeries) Locks() []string { return []string{"series:*"} }

// Run closes them and notes from which number on the lost history may have
// given some: in this year and in the one before, or, of a continuous series,
// since ever.
func (x *CloseSeries) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	all, err := AllSeries.All(tx, office.Query{View: "all"})
	if err != nil {
		return err
	}
	year := c.Now.In(china).Year()
	for _, s := range all {
		if err := AllSeries.Patch(tx, s.ID, office.Fields{"closed": office.Millis(c.Now), "seen": nil}); err != nil {
			return err
		}
		years := []int{year - 1, year}
		if s.Value.Continuous {
			years = []int{0}
		}
		for _, y := range years {
			k, at, err := Counters.Get(tx, counterID(s.ID, y))
			switch {
			case err != nil:
				return err
			case at == office.Elsewhere:
				return office.ErrElsewhere()
			case at == office.Present && k.LostFrom > 0 && k.LostTo == 0: // closed a second time: what is lost began before
			case at == office.Present:
				err = Counters.Patch(tx, counterID(s.ID, y), office.Fields{"lost_from": k.Next, "lost_to": 0})
			case y == years[len(years)-1]:
				err = Counters.Insert(tx, counterID(s.ID, y), Counter{Series: s.ID, Year: y, Next: 1, LostFrom: 1})
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// WitnessNumbers tells a restored server the highest numbers that a desk knows.
// Where the series is open it changes nothing.
type WitnessNumbers struct {
	Highest []Highest `json:"highest"`
}

// Highest is the highest number of a series in a year.
type Highest struct {
	Series string `json:"series"`
	Year   int    `json:"year"`
	N      int    `json:"n"`
}

// maxHighest bounds one command: some series, few years.
const maxHighest = 500

func (*WitnessNumbers) Kind() string { return "document.witness_numbers@1" }
func (x *WitnessNumbers) Locks() []string {
	out := []string{"series:*"}
	for _, h := range x.Highest {
		out = append(out, "series:"+h.Series)
	}
	return out
}

// Run notes what is higher than the server's own. What cannot be true is left
// out, not refused: a clerk judges what is left.
func (x *WitnessNumbers) Run(tx office.Tx, c office.Context) error {
	if len(x.Highest) > maxHighest {
		return office.Invalid("highest", "at most %d", maxHighest)
	}
	for _, h := range x.Highest {
		if h.N < 1 || h.N > maxSeriesNo {
			continue
		}
		s, at, err := AllSeries.Get(tx, h.Series)
		if err != nil {
			return err
		}
		if at != office.Present || s.Closed == 0 {
			continue
		}
		k, at, err := Counters.Get(tx, counterID(h.Series, h.Year))
		if err != nil {
			return err
		}
		if at == office.Absent || at == office.Present && (h.N < k.Next || !k.lost(h.N)) {
			continue
		}
		i := slices.IndexFunc(s.Seen, func(o Seen) bool { return o.Year == h.Year })
		if i >= 0 && s.Seen[i].N >= h.N {
			continue
		}
		if i >= 0 {
			s.Seen = slices.Delete(s.Seen, i, i+1)
		}
		s.Seen = append(s.Seen, Seen{Year: h.Year, N: h.N, By: c.Actor})
		slices.SortFunc(s.Seen, func(a, b Seen) int { return cmp.Compare(a.Year, b.Year) })
		if err := AllSeries.Patch(tx, h.Series, office.Fields{"seen": s.Seen}); err != nil {
			return err
		}
	}
	return nil
}

// ReopenSeries opens a closed series: a clerk has looked at what the desks
// tell, and at the books on paper, and says what the next number is.
type ReopenSeries struct {
	ID   string `json:"id"`
	Year int    `json:"year"`
	Next int    `json:"next"`
}

func (*ReopenSeries) Kind() string      { return "document.reopen_series@1" }
func (x *ReopenSeries) Locks() []string { return []string{"series:" + x.ID} }

// Run opens it. A 收发员 or the system administrator may. CodeInvalid for a next
// number below one that is known to be given.
func (x *ReopenSeries) Run(tx office.Tx, c office.Context) error {
	may := false
	for _, role := range []string{RoleRegistrar, directory.RoleSysAdmin} {
		ok, err := directory.HasRole(tx, c.Actor, role)
		if err != nil {
			return err
		}
		may = may || ok
	}
	if !may {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if x.Year != 0 && (x.Year < 1949 || x.Year > 2100) || x.Next < 1 || x.Next > maxSeriesNo {
		return office.Invalid("next", "a year and a number from 1 to %d", maxSeriesNo)
	}
	s, err := AllSeries.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if s.Continuous != (x.Year == 0) {
		return office.Invalid("year", "%s counts by year: %v", s.Code, !s.Continuous)
	}
	if s.Closed == 0 {
		return office.Errorf(office.CodeState, "the series is open")
	}
	ks, err := Counters.All(tx, office.Query{View: "all", Where: []office.Cond{office.Where("series", x.ID)}})
	if err != nil {
		return err
	}
	for _, k := range ks {
		set := office.Fields{}
		if k.Value.LostFrom > 0 && k.Value.LostTo == 0 {
			set["lost_to"] = k.Value.Next
		}
		if k.Value.Year == x.Year {
			if x.Next < k.Value.Next {
				return office.Invalid("next", "the next number is %d already", k.Value.Next)
			}
			set["next"], set["lost_to"] = x.Next, x.Next
		}
		if len(set) == 0 {
			continue
		}
		if err := Counters.Patch(tx, k.ID, set); err != nil {
			return err
		}
	}
	return AllSeries.Patch(tx, x.ID, office.Fields{"closed": nil, "seen": nil})
}

// lost reports whether a number may have been given by a history that the
// server has forgotten.
func (k Counter) lost(n int) bool {
	if k.LostFrom == 0 || n < k.LostFrom {
		return false
	}
	if k.LostTo == 0 {
		return n < max(k.LostFrom, k.Next)+maxLost
	}
	return n < k.LostTo
}

// former is the number that a paper once got, by this very command, from a
// server that has forgotten it; 0 if there is none or it is no longer free.
func former(tx office.Tx, c office.Context, series, document string) (year, n int, err error) {
	for _, g := range c.Given {
		if g.Kind != Numbers.Name {
			continue
		}
		var was Number
		if err := g.Decode(&was); err != nil || was.Series != series || was.Document != document || was.N < 1 || was.N > maxSeriesNo {
			continue // a desk says so: what is not well formed was never given
		}
		k, at, err := Counters.Get(tx, counterID(series, was.Year))
		if err != nil {
			return 0, 0, err
		}
		if at != office.Present || !k.lost(was.N) {
			continue
		}
		_, at, err = Numbers.Get(tx, numberID(series, was.Year, was.N))
		if err != nil {
			return 0, 0, err
		}
		if at != office.Absent {
			continue
		}
		if was.N >= k.Next {
			if err := Counters.Patch(tx, counterID(series, was.Year), office.Fields{"next": was.N + 1}); err != nil {
				return 0, 0, err
			}
		}
		return was.Year, was.N, nil
	}
	return 0, 0, nil
}

// numberID is the id of a ledger entry: the store itself refuses a second one.
func numberID(series string, year, n int) string {
	return office.DeriveID("number", series, strconv.Itoa(year), strconv.Itoa(n))
}

// Witness makes the command by which a desk tells a restored server the highest
// numbers it knows; nil if it knows none. list reads what the desk holds.
func Witness(list func(office.Query) ([]office.Record, error)) (office.Command, error) {
	top := map[Highest]int{}
	after := ""
	for {
		rs, err := list(office.Query{Kind: Headers.Name, View: "all", Order: "created", Limit: office.MaxLimit, After: after})
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			var h Header
			err := r.Decode(&h)
			after = office.Key{Value: h.Created, ID: r.ID}.Encode()
			if err != nil || h.NumberN == 0 {
				continue // a record this program cannot read tells nothing
			}
			k := Highest{Series: h.NumberSeries, Year: h.NumberYear}
			top[k] = max(top[k], h.NumberN)
		}
		if len(rs) < office.MaxLimit {
			break
		}
	}
	if len(top) == 0 {
		return nil, nil
	}
	x := &WitnessNumbers{}
	for k, n := range top {
		k.N = n
		x.Highest = append(x.Highest, k)
	}
	slices.SortFunc(x.Highest, func(a, b Highest) int {
		return cmp.Or(-cmp.Compare(a.Year, b.Year), cmp.Compare(a.Series, b.Series))
	})
	x.Highest = x.Highest[:min(len(x.Highest), maxHighest)]
	return x, nil
}
