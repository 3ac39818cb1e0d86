package protocol

import (
	"fmt"

	"qianshao/syncserver/office"
)

// Limits of one reading on line.
const (
	MaxRead       = 200 // records of one answer
	MaxConditions = 20
	MaxReadIDs    = 200
)

// ReadRequest asks POST /read for records that need not live on the desk: a page
// of a declared view, the records with these ids, or the children of a root.
// Only what the person may see now is answered, as with a pull.
type ReadRequest struct {
	Device string        `json:"dev"`
	Kind   string        `json:"kind"`
	View   string        `json:"view,omitempty"`
	Where  []office.Cond `json:"filters,omitempty"`
	Order  string        `json:"order,omitempty"`
	Desc   bool          `json:"desc,omitempty"`
	After  string        `json:"keyset,omitempty"` // ReadReply.Next of the page before
	Limit  int           `json:"limit,omitempty"`
	IDs    []string      `json:"ids,omitempty"`  // instead of a view
	Root   string        `json:"root,omitempty"` // instead of a view: the children of it
}

// ReadReply is one page, read in one snapshot.
type ReadReply struct {
	Rows []Row  `json:"rows"`
	Next string `json:"next,omitempty"` // "" at the end
	AsOf int64  `json:"as_of"`
}

// DecodeRead reads a reading.
func DecodeRead(body []byte) (ReadRequest, error) {
	var r ReadRequest
	if err := decode(body, &r); err != nil {
		return ReadRequest{}, err
	}
	err := first(
		id("dev", r.Device, false),
		token("kind", r.Kind, 1),
		token("view", r.View, 0),
		token("order", r.Order, 0),
		id("root", r.Root, true),
		natural("limit", int64(r.Limit)),
		atMost("filters", len(r.Where), MaxConditions),
		atMost("ids", len(r.IDs), MaxReadIDs),
		atMost("keyset", len(r.After), 4*office.MaxText),
	)
	ways := 0
	for _, given := range []bool{r.View != "", len(r.IDs) > 0, r.Root != ""} {
		if given {
			ways++
		}
	}
	if err == nil && ways != 1 {
		err = office.Invalid("view", "one of view, ids and root")
	}
	for i := 0; i < len(r.IDs) && err == nil; i++ {
		err = id(fmt.Sprintf("ids[%d]", i), r.IDs[i], false)
	}
	return r, err
}

// DeskPolicy is what the office decides for its desks.
type DeskPolicy struct {
	// OfflineHours is the offline term: how long a desk may stay unlocked
	// without contact; 0 = for ever. After it the desk shows and does nothing
	// until it has reached the server again; what it holds stays.
	OfflineHours int64 `json:"offline_hours,omitempty"`
}

// MaxOfflineHours is the longest offline term, 10 years: what is longer is
// none.
const MaxOfflineHours = 10 * 366 * 24
