package bridge

// ArchiveQuery asks for papers as the server has them; a zero part wants all.
type ArchiveQuery struct {
	Kind   string   `json:"kind"`   // in | out | sign
	Number string   `json:"number"` // whole: 发文字号 or 收文编号
	Genres []string `json:"genres"`
	Since  int64    `json:"since"` // of 收文日期 or of making
	Before int64    `json:"before"`
	After  string   `json:"after"` // ArchivePage.Next of the page before
}

// ArchivePage is one page of them, the newest first.
type ArchivePage struct {
	Rows []ArchiveRow `json:"rows"`
	Next string       `json:"next"` // "" at the end
}

// ArchiveRow is a paper as the server has it.
type ArchiveRow struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Number string `json:"number"`
	Unit   string `json:"unit"` // 来文单位 or 拟稿单位
	Genre  string `json:"genre"`
	State  string `json:"state"` // as in DocumentRow
	Step   string `json:"step"`
	Day    int64  `json:"day"` // 收文日期, or when it was made
}

// Whereabouts is where a paper is.
type Whereabouts struct {
	ID      string `json:"id"`
	Here    bool   `json:"here"`    // on this desk
	Pinned  bool   `json:"pinned"`  // the person keeps it here
	Waiting bool   `json:"waiting"` // the pin, or its end, is given and not delivered
}
