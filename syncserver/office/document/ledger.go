package document

import (
	"strconv"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// PostClerk is the 文书 post: it alone reserves, enters and voids numbers (L13).
const PostClerk = "wenshu"

// A Gap is an entry of the 断号台账: a number, or a row of them, that no paper
// has, and why. It reaches the 文书 post.
type Gap struct {
	Series   string        `json:"series"`
	Code     string        `json:"code"`
	Year     int           `json:"year,omitempty"` // 0: a continuous series
	From     int           `json:"from"`
	To       int           `json:"to"`
	State    string        `json:"state"`
	Words    string        `json:"words,omitempty"`
	Document string        `json:"document,omitempty"` // of a voided number: the paper that had it; of a used one: that has it
	By       office.UserID `json:"by"`
	At       int64         `json:"at"`
}

// States of a gap.
const (
	GapBefore   = "before"   // given before this system was used
	GapSkipped  = "skipped"  // passed over
	GapReserved = "reserved" // 预留
	GapVoid     = "void"     // 作废
	GapUsed     = "used"     // no gap any more: a paper got the number later
)

// Gaps are the ledger of gaps.
var Gaps = office.Of[Gap]{Kind: &office.Kind{
	Name: "doc.gap", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "series", Type: office.Text}, {Name: "year", Type: office.Int}, {Name: "from", Type: office.Int}, {Name: "state", Type: office.Text},
	},
	Views: []office.View{{Name: "series", By: []string{"series"}, Filters: []string{"year", "state", "from"}, Orders: []string{"from"}}},
	Title: "code",
	Audience: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{office.ToPost(PostClerk)}, nil
	},
}}

func gapID(series string, year, from int) string {
	return office.DeriveID("gap", series, strconv.Itoa(year), strconv.Itoa(from))
}

// passOver enters a row of numbers that are not given; none if it is empty.
func passOver(tx office.Tx, c office.Context, series string, year, from, to int, state, words string) error {
	if to < from {
		return nil
	}
	s, err := AllSeries.Need(tx, series)
	if err != nil {
		return err
	}
	return Gaps.Insert(tx, gapID(series, year, from), Gap{
		Series: series, Code: s.Code, Year: year, From: from, To: to, State: state, Words: words, By: c.Actor, At: office.Millis(c.Now),
	})
}

// gapOf finds the entry that a number is in.
func gapOf(tx office.Tx, series string, year, n int) (office.Item[Gap], bool, error) {
	list, err := Gaps.List(tx, office.Query{
		View: "series", Order: "from", Desc: true, Limit: 1,
		Where: []office.Cond{office.Where("series", series), office.Where("year", year), {Field: "from", Op: office.Le, Value: n}},
	})
	if err != nil || len(list) == 0 || list[0].Value.To < n {
		return office.Item[Gap]{}, false, err
	}
	return list[0], true, nil
}

// single makes an entry of its own of one number of a row, and gives its id.
func single(tx office.Tx, g office.Item[Gap], n int) (string, error) {
	v := g.Value
	if v.From == v.To {
		return g.ID, nil
	}
	one, after := v, v
	one.From, one.To, after.From = n, n, n+1
	if n < v.To {
		if err := Gaps.Insert(tx, gapID(v.Series, v.Year, n+1), after); err != nil {
			return "", err
		}
	}
	id := gapID(v.Series, v.Year, n)
	if n == v.From { // the entry that is there is this number's
		return id, Gaps.Patch(tx, g.ID, office.Fields{"to": n})
	}
	if err := Gaps.Patch(tx, g.ID, office.Fields{"to": n - 1}); err != nil {
		return "", err
	}
	return id, Gaps.Insert(tx, id, one)
}

// Unexplained are the numbers of a series and year, from 1 to the last that the
// counter has passed, that neither a paper nor the ledger of gaps accounts for:
// none, if all is well.
func Unexplained(tx office.Tx, series string, year int) ([]int, error) {
	k, at, err := Counters.Get(tx, counterID(series, year))
	if err != nil || at != office.Present {
		return nil, err
	}
	known := make([]bool, max(k.Next, 1))
	mark := func(from, to int) {
		for n := max(from, 1); n <= to && n < k.Next; n++ {
			known[n] = true
		}
	}
	if k.LostFrom > 0 { // given, perhaps, by a history that a restored server has forgotten
		to := k.LostTo
		if to == 0 {
			to = k.Next
		}
		mark(k.LostFrom, to-1)
	}
	where := []office.Cond{office.Where("series", series), office.Where("year", year)}
	if err := each(tx, Numbers, office.Query{View: "series", Where: where}, "n", func(x Number) int { mark(x.N, x.N); return x.N }); err != nil {
		return nil, err
	}
	if err := each(tx, Gaps, office.Query{View: "series", Where: where}, "from", func(g Gap) int { mark(g.From, g.To); return g.From }); err != nil {
		return nil, err
	}
	var out []int
	for n := 1; n < k.Next; n++ {
		if !known[n] {
			out = append(out, n)
		}
	}
	return out, nil
}

// each reads a list of any length, by an order whose values do not repeat.
func each[T any](tx office.Tx, o office.Of[T], q office.Query, order string, f func(T) int) error {
	q.Order = order
	base := q.Where
	last := -1
	for {
		q.Where = append(base[:len(base):len(base)], office.Cond{Field: order, Op: office.Gt, Value: last})
		list, err := o.List(tx, q)
		if err != nil {
			return err
		}
		for _, x := range list {
			last = f(x.Value)
		}
		if len(list) < office.MaxLimit {
			return nil
		}
	}
}

// mustClerk refuses whoever does not fill the 文书 post. The system may.
func mustClerk(tx office.Tx, c office.Context) error {
	if c.Actor == office.System {
		return nil
	}
	ok, err := directory.HasPost(tx, c.Actor, PostClerk)
	if err == nil && !ok {
		err = &office.Error{Code: office.CodeNotPermitted}
	}
	return err
}

// checkNumber refuses what names no number of a series.
func checkNumber(series string, year, n int) error {
	if err := office.CheckID("series", series); err != nil {
		return err
	}
	if year != 0 && (year < 1949 || year > 2100) {
		return office.Invalid("year", "1949 to 2100, or none for a continuous series")
	}
	if n < 1 || n > maxSeriesNo {
		return office.Invalid("n", "1 to %d", maxSeriesNo)
	}
	return nil
}

// seriesOf reads a series and refuses a year that is not its way of counting.
func seriesOf(tx office.Tx, id string, year int) (Series, error) {
	s, err := AllSeries.Need(tx, id)
	if err != nil {
		return s, err
	}
	if s.Continuous != (year == 0) {
		return s, office.Invalid("year", "%s counts by year: %v", s.Code, !s.Continuous)
	}
	return s, nil
}
