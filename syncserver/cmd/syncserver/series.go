package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"time"

	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/office/document"
)

// series lists the series of numbers, or makes or changes one.
func (p *program) series(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] != "list" && args[0] != "put" {
		return p.usageError("series: list, or put ID")
	}
	put := args[0] == "put"
	f, w := p.flags("series list|put ID")
	var x document.PutSeries
	var bySigned bool
	if put {
		f.StringVar(&x.Code, "code", "", "机关代字, such as 清政发, or what stands before an incoming paper's number")
		f.StringVar(&x.Name, "name", "", "name, as people choose it")
		f.StringVar(&x.Direction, "direction", document.Outgoing, "papers that take it: out 发文, in 收文, sign 签报")
		f.StringVar(&x.Style, "style", "", "official 代字〔年〕号, order 第N号, register 代字〔年〕0001; default official, of incoming papers register")
		f.IntVar(&x.Order, "order", 0, "place in lists")
		f.IntVar(&x.Next, "next", 0, "next number of the year; never backwards")
		f.IntVar(&x.Year, "year", time.Now().Year(), "the year that --next is about")
		f.BoolVar(&x.Continuous, "continuous", false, "numbers go on from year to year")
		f.BoolVar(&bySigned, "year-by-signed", false, "the year is that of 签发, not of the day the number is given")
		f.BoolVar(&x.Reserve, "reserve", true, "预留 is allowed")
		f.BoolVar(&x.Fill, "fill", true, "补号: the 文书 may enter a number by hand")
		f.BoolVar(&x.Void, "void", true, "作废 is allowed")
		f.StringVar(&x.Words, "words", "", "why numbers are passed over, where --next passes some over")
	}
	want := 0
	if put {
		want = 1
	}
	rest, err := p.parse(f, args[1:], want)
	if err != nil {
		return err
	}
	s, err := p.open(ctx, w, mode{mustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := s.Series(ctx)
	if err != nil {
		return err
	}
	if !put {
		for _, x := range list {
			fmt.Fprintf(p.out, "%s\t%s\t%s\t%s", x.ID, x.Code, x.Name, x.Direction)
			for _, year := range slices.Sorted(maps.Keys(x.Next)) {
				if year == 0 { // of one that goes on from year to year
					fmt.Fprintf(p.out, "\t%d", x.Next[year])
				} else {
					fmt.Fprintf(p.out, "\t%d: %d", year, x.Next[year])
				}
			}
			fmt.Fprintln(p.out)
		}
		return nil
	}
	x.ID = rest[0]
	if bySigned {
		x.YearBy = document.YearBySigned
	}
	if i := slices.IndexFunc(list, func(s wiring.NumberSeries) bool { return s.ID == x.ID }); i >= 0 {
		keepSeries(&x, list[i].Series, f)
	}
	if x.Style == "" {
		x.Style = document.StyleOfficial
		if x.Direction == document.Incoming {
			x.Style = document.StyleRegister
		}
	}
	if x.Next == 0 {
		x.Year = 0
	}
	if err := s.PutSeries(ctx, x); err != nil {
		return fmt.Errorf("series %s: nothing was changed: %w", x.ID, err)
	}
	fmt.Fprintf(p.out, "series %s is %s\t%s\n", x.ID, x.Code, x.Name)
	return nil
}

// keepSeries leaves what no flag was given for as it is.
func keepSeries(x *document.PutSeries, old document.Series, f *flag.FlagSet) {
	given := map[string]bool{}
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, keep := range map[string]func(){
		"code": func() { x.Code = old.Code }, "name": func() { x.Name = old.Name }, "direction": func() { x.Direction = old.Direction },
		"style": func() { x.Style = old.Style }, "order": func() { x.Order = old.Order }, "continuous": func() { x.Continuous = old.Continuous },
		"year-by-signed": func() { x.YearBy = old.YearBy }, "reserve": func() { x.Reserve = old.Reserve }, "fill": func() { x.Fill = old.Fill }, "void": func() { x.Void = old.Void },
	} {
		if !given[name] {
			keep()
		}
	}
}
