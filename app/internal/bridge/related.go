package bridge

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// Why a paper is related.
const (
	whyDuplicate = "duplicate" // the same sender and number
	whyReply     = "reply"     // 复文: it answers this incoming paper
	whyOrigin    = "origin"    // 来文: this paper answers it
	whyCites     = "cites"     // this paper names its number
	whyCited     = "cited"     // it names this paper's number
	whySeries    = "series"    // another issue of the same: titles that differ in their figures alone
	whyTitle     = "title"     // the same title
)

const (
	maxRelated  = 40
	maxCitation = 30 // numbers looked up for one paper
	maxAlike    = 6
	alikeEnough = 0.62 // share of common pairs of characters from which two titles are much alike
)

// citation is an official number in a text: 清政办发〔2026〕14号.
var citation = regexp.MustCompile(`[\p{Han}]{1,12}〔[0-9]{4}〕第?[0-9]{1,5}号`)

// Related are the papers of this desk that have to do with one: only relations
// that the records hold.
func (s *Documents) Related(id string) ([]Related, error) {
	return signedIn(s.core, "Documents.Related", func(ctx context.Context, a *at) ([]Related, error) {
		h, ok, err := get(ctx, a, document.Headers, id)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, &office.Error{Code: office.CodeNotFound, Field: document.Headers.Name, Message: id}
		}
		r := relations{ctx: ctx, at: a, names: a.names(ctx), self: h, seen: map[string]bool{id: true}}
		for _, find := range []func() error{r.duplicates, r.citing, r.citations, r.titles} {
			if err := find(); err != nil {
				return nil, err
			}
		}
		rank := []string{whyDuplicate, whyOrigin, whyReply, whyCites, whyCited, whySeries, whyTitle}
		slices.SortStableFunc(r.out, func(x, y Related) int {
			return cmp.Or(cmp.Compare(slices.Index(rank, x.Why), slices.Index(rank, y.Why)), cmp.Compare(y.At, x.At))
		})
		return r.out[:min(len(r.out), maxRelated)], nil
	})
}

type relations struct {
	ctx   context.Context
	at    *at
	names *book
	self  item[document.Header]
	seen  map[string]bool
	out   []Related
}

func (r *relations) add(why string, h item[document.Header]) {
	if r.seen[h.ID] {
		return
	}
	r.seen[h.ID] = true
	v := h.Value
	r.out = append(r.out, Related{
		Why: why, ID: h.ID, Kind: v.Direction, Title: v.Title, Number: cmp.Or(v.FromNumber, v.Number),
		Unit: source(r.names, v), State: v.FlowState, At: cmp.Or(v.Received, v.Created),
	})
}

func (r *relations) view(view string, where ...office.Cond) ([]item[document.Header], error) {
	return first(r.ctx, r.at, document.Headers, office.Query{View: view, Where: where, Desc: true, Limit: maxRelated})
}

func (r *relations) duplicates() error {
	v := r.self.Value
	if v.Direction != document.Incoming || v.From == "" || v.FromNumber == "" {
		return nil
	}
	same, err := r.view("duplicates", office.Where("from", v.From), office.Where("from_number", v.FromNumber))
	for _, h := range same {
		r.add(whyDuplicate, h)
	}
	return err
}

// citing are the papers whose text names this one's number.
func (r *relations) citing() error {
	v := r.self.Value
	for _, number := range []string{v.Number, v.FromNumber} {
		if !citation.MatchString(number) {
			continue
		}
		hits, err := r.at.desk.Search(r.ctx, number, maxFound)
		if err != nil {
			return err
		}
		for _, x := range hits {
			if x.Kind != document.Bodies.Name {
				continue
			}
			h, ok, err := get(r.ctx, r.at, document.Headers, x.Root)
			if err != nil {
				return err
			}
			if ok {
				r.add(answers(h.Value, v, whyReply, whyCited), h)
			}
		}
	}
	return nil
}

// answers tells a reply from a mere mention: what goes out and names what came
// in, or that it is reported on inside the office, handles it.
func answers(reply, asked document.Header, yes, no string) string {
	if reply.Direction != document.Incoming && asked.Direction == document.Incoming {
		return yes
	}
	return no
}

// citations are the papers whose numbers this one's text names.
func (r *relations) citations() error {
	body, ok, err := get(r.ctx, r.at, document.Bodies, r.self.ID)
	if err != nil || !ok {
		return err
	}
	var found []string
	for _, b := range body.Value.Blocks {
		for _, n := range citation.FindAllString(b.Text, maxCitation) {
			if !slices.Contains(found, n) && len(found) < maxCitation {
				found = append(found, n)
			}
		}
	}
	for _, n := range found {
		// Words may run into a number without a mark between: 请按清政办发〔2026〕14号.
		for _, number := range tails(n) {
			for _, view := range []string{"from_number", "number"} {
				rows, err := r.view(view, office.Where(view, number))
				if err != nil {
					return err
				}
				for _, h := range rows {
					r.add(answers(r.self.Value, h.Value, whyOrigin, whyCites), h)
				}
			}
		}
	}
	return nil
}

// tails are a number and what is left of it when characters before it are cut
// off, down to two before the bracket.
func tails(number string) []string {
	c := []rune(number)
	at := slices.Index(c, '〔')
	var out []string
	for i := 0; i <= at-2; i++ {
		out = append(out, string(c[i:]))
	}
	return out
}

// titles are other papers of the same title, and other issues of one series.
func (r *relations) titles() error {
	v := r.self.Value
	same, err := r.view("title", office.Where("title", v.Title))
	if err != nil {
		return err
	}
	for _, h := range same {
		r.add(whyTitle, h)
	}
	core := figures(v.Title)
	if core == v.Title || len([]rune(core)) < 4 {
		return nil
	}
	// The longest run of words between figures finds the others.
	word := ""
	for _, w := range strings.FieldsFunc(core, func(x rune) bool { return !unicode.Is(unicode.Han, x) }) {
		if len(w) > len(word) {
			word = w
		}
	}
	hits, err := r.at.desk.Search(r.ctx, word, maxFound)
	if err != nil {
		return err
	}
	for _, x := range hits {
		if x.Kind != document.Headers.Name {
			continue
		}
		h, ok, err := get(r.ctx, r.at, document.Headers, x.ID)
		if err != nil {
			return err
		}
		if ok && h.Value.Direction == v.Direction && figures(h.Value.Title) == core {
			r.add(whySeries, h)
		}
	}
	return nil
}

// figures is a title with every number in it, in digits or in characters
// before 期, 号, 次 and the like, made one sign.
func figures(title string) string {
	return numeral.ReplaceAllString(title, "#$2")
}

var numeral = regexp.MustCompile(`([0-9]+|[〇零一二三四五六七八九十百]+)([年月日期号次季届]|度)`)

// Alike are registered papers that a new one may repeat: the same sender and
// number first, then titles much like its own. A desk finds those it holds.
func (s *Documents) Alike(from, number, title, except string) ([]Alike, error) {
	return signedIn(s.core, "Documents.Alike", func(ctx context.Context, a *at) ([]Alike, error) {
		var out []Alike
		seen := map[string]bool{except: true}
		add := func(h item[document.Header], same bool) {
			if seen[h.ID] || len(out) == maxAlike || h.Value.Direction != document.Incoming {
				return
			}
			seen[h.ID] = true
			v := h.Value
			out = append(out, Alike{ID: h.ID, Title: v.Title, Number: v.FromNumber, Register: v.Number, From: v.From, At: v.Received, Same: same})
		}
		from, number, title = strings.TrimSpace(from), strings.TrimSpace(number), strings.TrimSpace(title)
		if from != "" && number != "" {
			same, err := first(ctx, a, document.Headers, office.Query{
				View: "duplicates", Order: "received", Desc: true, Limit: maxAlike,
				Where: []office.Cond{office.Where("from", from), office.Where("from_number", number)},
			})
			if err != nil {
				return nil, err
			}
			for _, h := range same {
				add(h, true)
			}
		}
		like, err := a.likeTitles(ctx, title)
		for _, h := range like {
			add(h, false)
		}
		return out, err
	})
}

// likeTitles are papers whose titles are much like one, the nearest first.
func (a *at) likeTitles(ctx context.Context, title string) ([]item[document.Header], error) {
	core := []rune(bare(title))
	if len(core) < 4 {
		return nil, nil
	}
	near := map[string]float64{}
	found := map[string]item[document.Header]{}
	// Whatever was changed in a title, one of three pieces is probably whole.
	for _, at := range []int{0, (len(core) - 4) / 2, len(core) - 4} {
		hits, err := a.desk.Search(ctx, string(core[at:at+4]), maxFound)
		if err != nil {
			return nil, err
		}
		for _, x := range hits {
			if _, had := found[x.ID]; had || x.Kind != document.Headers.Name {
				continue
			}
			h, ok, err := get(ctx, a, document.Headers, x.ID)
			if err != nil {
				return nil, err
			}
			if n := document.Similarity(string(core), bare(h.Value.Title)); ok && n >= alikeEnough {
				found[x.ID], near[x.ID] = h, n
			}
		}
	}
	out := make([]item[document.Header], 0, len(found))
	for _, h := range found {
		out = append(out, h)
	}
	slices.SortFunc(out, func(x, y item[document.Header]) int {
		return cmp.Or(cmp.Compare(near[y.ID], near[x.ID]), strings.Compare(x.ID, y.ID))
	})
	return out, nil
}

// bare is what tells a title from others: without 关于 and 的通知, without signs.
func bare(title string) string {
	t := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, title)
	if i := strings.Index(t, "关于"); i >= 0 {
		t = t[i+len("关于"):]
	}
	for _, g := range document.Genres {
		if rest, ok := strings.CutSuffix(t, "的"+g); ok {
			return rest
		}
	}
	return t
}
