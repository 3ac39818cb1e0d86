package document

import (
	"fmt"
	"strconv"
	"time"

	"qianshao/syncserver/office"
)

// china is the clock by which years begin: official papers have no other.
var china = time.FixedZone("CST", 8*3600)

// Allocate gives a paper the next number of its series, once for ever: a paper
// that has one keeps it, through every return (L11, warning 2). Server only.
// Outgoing papers need 签发 and 复核 of the present text. CodeState otherwise.
func Allocate(tx office.Tx, c office.Context, id string, signed, reviewed bool) error {
	h, err := Headers.Need(tx, id)
	if err != nil {
		return err
	}
	if h.Direction == Outgoing && (!signed || !reviewed) {
		return office.Errorf(office.CodeState, "a number is given after 签发 and 复核 of the present text")
	}
	tx.Note("") // the number is no longer pending
	if h.Number != "" {
		return nil
	}
	if h.Series == "" {
		return office.Errorf(office.CodeState, "no number series is chosen")
	}
	s, err := AllSeries.Need(tx, h.Series)
	if err != nil {
		return err
	}
	year, n, err := former(tx, c, h.Series, id)
	if err != nil {
		return err
	}
	switch w := h.NumberWish; {
	case n > 0:
		err = enter(tx, c, id, h.Series, s, year, n)
	case s.Closed != 0:
		err = office.Errorf(CodeSeriesClosed, "the series %s is closed until a clerk opens it", s.Code)
	case w != nil && w.Series == h.Series:
		year, n = w.Year, w.N
		err = redeem(tx, c, id, h.Series, *w)
	default:
		year = s.year(c.Now, h.FlowSigned)
		if n, err = take(tx, h.Series, year); err == nil {
			err = enter(tx, c, id, h.Series, s, year, n)
		}
	}
	if err != nil {
		return err
	}
	text := s.format(printed(year, c.Now), n)
	return Headers.Patch(tx, id, office.Fields{
		"number": text, "number_state": NumberGiven, "number_series": h.Series, "number_year": year, "number_n": n, "number_wish": nil,
		"updated": office.Millis(c.Now),
	})
}

// enter puts a number that was given into the ledger.
func enter(tx office.Tx, c office.Context, paper, series string, s Series, year, n int) error {
	text := s.format(printed(year, c.Now), n)
	if err := Numbers.Insert(tx, numberID(series, year, n), Number{
		Series: series, Year: year, N: n, Text: text, Document: paper, At: office.Millis(c.Now),
	}); err != nil {
		return fmt.Errorf("enter number %s: %w", text, err)
	}
	return nil
}

// take is the next number of a series in a year. Two takers of one number meet
// at the counter's row or, at the latest, at the ledger.
func take(tx office.Tx, series string, year int) (int, error) {
	id := counterID(series, year)
	k, at, err := Counters.Get(tx, id)
	switch {
	case err != nil:
		return 0, err
	case at == office.Elsewhere:
		return 0, office.ErrElsewhere()
	case at == office.Absent:
		return 1, Counters.Insert(tx, id, Counter{Series: series, Year: year, Next: 2})
	}
	return k.Next, Counters.Patch(tx, id, office.Fields{"next": k.Next + 1})
}

// year is the year a number of the series belongs to: 0 for a continuous one.
func (s Series) year(now time.Time, signed int64) int {
	switch {
	case s.Continuous:
		return 0
	case s.YearBy == YearBySigned && signed > 0:
		return time.UnixMilli(signed).In(china).Year()
	}
	return now.In(china).Year()
}

// printed is the year that is printed: a continuous series has none of its own.
func printed(year int, now time.Time) int {
	if year == 0 {
		return now.In(china).Year()
	}
	return year
}

func counterID(series string, year int) string { return series + "." + strconv.Itoa(year) }

// format writes a number as it is printed (facts §3): six-cornered brackets, no
// 第, no leading zero in a 发文字号.
func (s Series) format(year, n int) string {
	switch s.Style {
	case StyleOrder:
		return fmt.Sprintf("第%d号", n)
	case StyleRegister:
		return fmt.Sprintf("%s〔%d〕%04d", s.Code, year, n)
	}
	return fmt.Sprintf("%s〔%d〕%d号", s.Code, year, n)
}
