package engine

import "qianshao/syncserver/office"

// Status is what the status line says. Times are office.Millis; 0 = never.
type Status struct {
	UID      office.UserID `json:"uid"`
	Device   string        `json:"device"`
	Epoch    string        `json:"epoch,omitempty"`
	Online   bool          `json:"online"`             // the last contact with the server succeeded
	Offline  bool          `json:"offline"`            // switched off by the person
	Syncing  bool          `json:"syncing"`            // a sync is under way
	Loading  bool          `json:"loading"`            // the first load is not complete: lists may be incomplete
	Indexing int           `json:"indexing,omitempty"` // records that search does not find yet
	Lists    bool          `json:"lists"`              // the first two lanes are here: lists are there, texts may be missing
	Staged   int           `json:"staged,omitempty"`   // records of the next checkpoint that are here already
	SyncedAt int64         `json:"synced_at"`          // this desk's clock, when the last checkpoint was reached
	AsOf     int64         `json:"as_of"`              // the server's clock in that checkpoint
	Waiting  int           `json:"waiting"`            // commands not yet answered: 待送达
	NeedsYou int           `json:"needs_you"`          // refused, held or quarantined commands not ended by the person, and open conflicts
	// Term is how long this desk may be without contact, Left how much of that
	// is left, in milliseconds; no Term: as long as it likes. Locked: it is
	// over, nothing is shown or done until the next contact (CodeTerm).
	Term      int64       `json:"term,omitempty"`
	Left      int64       `json:"left,omitempty"`
	Locked    bool        `json:"locked,omitempty"`
	LastError office.Code `json:"last_error,omitempty"` // of the last sync; "" after a success
	Repairs   int64       `json:"repairs"`              // how often a channel was found wrong and put right, ever
}

// Report is what one Sync did.
type Report struct {
	Pushed  int  `json:"pushed"`            // commands answered by the server
	Applied int  `json:"applied"`           // of these, applied, applied with a conflict, or no change
	Refused int  `json:"refused"`           // of these, rejected, held or quarantined
	Pulled  int  `json:"pulled"`            // records that came, changed or went
	Repairs int  `json:"repairs"`           // channels found wrong
	Mended  int  `json:"mended,omitempty"`  // bad records put right, one by one
	Forked  bool `json:"forked,omitempty"`  // the device got a new id
	Rewound bool `json:"rewound,omitempty"` // the server's history was not the one this desk knew
}
