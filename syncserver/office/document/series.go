package document

import "qianshao/syncserver/office"

// A Series is a row of official numbers, each year from 1: a record of kind
// doc.series whose id is a short name such as "qzbf".
type Series struct {
	Code      string `json:"code"` // 机关代字, such as 清政办发; or the class of incoming papers, such as 上收
	Name      string `json:"name"`
	Direction string `json:"direction"`
	Style     string `json:"style"` // StyleOfficial …
	Order     int    `json:"order,omitempty"`
	// Continuous numbers go on from year to year; otherwise each year begins at
	// 1. The year is the day's on which the number is given or, with YearBySigned,
	// that of 签发, so that what was signed in December is numbered in December's
	// year.
	Continuous bool   `json:"continuous,omitempty"`
	YearBy     string `json:"year_by,omitempty"`
	Reserve    bool   `json:"reserve,omitempty"` // 预留 is allowed
	Fill       bool   `json:"fill,omitempty"`    // 补号: the 文书 may enter a number by hand
	Void       bool   `json:"void,omitempty"`    // 作废 is allowed
	// Closed is when the series was closed because the server was put back to a
	// backup; 0 = open. Seen is what desks have told of numbers since.
	Closed int64  `json:"closed,omitempty"`
	Seen   []Seen `json:"seen,omitempty"`
}

// YearBySigned takes a number's year from the day of 签发.
const YearBySigned = "signed"

// Styles of number.
const (
	StyleOfficial = "official" // 清政办发〔2026〕21号
	StyleOrder    = "order"    // 第3号: 令, without a year in print
	StyleRegister = "register" // 上收〔2026〕0123
)

// AllSeries are the number series; everybody who drafts chooses one.
var AllSeries = office.Of[Series]{Kind: &office.Kind{
	Name: "doc.series", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "direction", Type: office.Text}, {Name: "code", Type: office.Text}, {Name: "order", Type: office.Int},
	},
	Views: []office.View{
		{Name: "all", Filters: []string{"direction"}, Orders: []string{"order", "code"}},
		{Name: "code", By: []string{"code"}, Orders: []string{"order"}},
	},
	Title: "name",
	Audience: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{office.Org}, nil
	},
}}

// A Counter is the next number of a series in a year. It lives on the server
// alone, for only the server gives numbers.
type Counter struct {
	Series string `json:"series"`
	Year   int    `json:"year"`
	Next   int    `json:"next"`
	// From LostFrom up to, not including, LostTo (0 = not known yet) numbers may
	// have been given that the server has forgotten; LostFrom 0 = none.
	LostFrom int `json:"lost_from,omitempty"`
	LostTo   int `json:"lost_to,omitempty"`
}

// Counters are kept apart from the series, so that giving a number touches
// nobody's desk.
var Counters = office.Of[Counter]{Kind: &office.Kind{
	Name: "doc.counter", Lane: office.LaneRest, Residence: office.ResidentNever,
	Fields:   []office.Field{{Name: "series", Type: office.Text}, {Name: "year", Type: office.Int}, {Name: "next", Type: office.Int}},
	Views:    []office.View{{Name: "all", Filters: []string{"series", "year"}, Orders: []string{"series"}}},
	Audience: nobody,
}}

// A Number is the ledger entry of one number given. Its id is made of series,
// year and number, so that the store itself refuses to give one twice.
type Number struct {
	Series   string `json:"series"`
	Year     int    `json:"year"`
	N        int    `json:"n"`
	Text     string `json:"text"`
	State    string `json:"state,omitempty"` // NumberReserved, NumberVoid; "": given to Document
	Document string `json:"document,omitempty"`
	At       int64  `json:"at"`
}

// Numbers are the ledger.
var Numbers = office.Of[Number]{Kind: &office.Kind{
	Name: "doc.number", Lane: office.LaneRest, Residence: office.ResidentNever,
	Fields: []office.Field{
		{Name: "series", Type: office.Text}, {Name: "year", Type: office.Int}, {Name: "n", Type: office.Int},
		{Name: "document", Type: office.Text},
	},
	Views: []office.View{
		{Name: "series", By: []string{"series"}, Filters: []string{"year", "n"}, Orders: []string{"n"}},
		{Name: "document", By: []string{"document"}, Orders: []string{"n"}},
	},
	Title: "text", Given: true, Audience: nobody,
}}

func nobody(office.Record) ([]office.Channel, error) { return nil, nil }
