package worktime

import "qianshao/syncserver/office"

// KindYear is the kind of the published lists, of the calendar room: one record
// for each year, everybody reads them. A room is read here through its records,
// as between any two rooms.
const KindYear = "calendar.year"

// What a list says of a day.
const (
	off    = "off"
	worked = "work"
)

// Read is the calendar as published. A year without a list is not published:
// its weekends are all that is known of it, and what is computed with it says so.
func Read(tx office.Tx) (Calendar, error) {
	list, err := tx.List(office.Query{Kind: KindYear, View: "all"})
	c := Calendar{Years: map[int]Year{}}
	if err != nil {
		return c, err
	}
	for _, r := range list {
		var y struct {
			Year int `json:"year"`
			Days map[string]struct {
				Kind string `json:"kind"`
			} `json:"days"`
		}
		if err := r.Decode(&y); err != nil {
			return c, err
		}
		out := Year{Off: map[string]bool{}, Work: map[string]bool{}}
		for day, d := range y.Days {
			switch d.Kind {
			case off:
				out.Off[day] = true
			case worked:
				out.Work[day] = true
			}
		}
		c.Years[y.Year] = out
	}
	return c, nil
}
