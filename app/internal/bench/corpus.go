package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// corpus writes Chinese text whose words are Zipf-distributed, as those of
// real papers are: a few words everywhere, most of them seldom.
type corpus struct {
	rng   *rand.Rand
	zipf  *rand.Zipf
	words []string
}

const (
	vocabulary = 20000
	zipfS      = 1.07
	zipfV      = 2.7
)

// commonWord is the word of rank 0: the commonest one of every text.
const commonWord = "工作"

func newCorpus(seed uint64) *corpus {
	rng := rand.New(rand.NewPCG(seed, 20))
	c := &corpus{rng: rng, zipf: rand.NewZipf(rng, zipfS, zipfV, vocabulary-1), words: []string{commonWord}}
	seen := map[string]bool{commonWord: true}
	lengths := []int{1, 2, 2, 2, 2, 2, 3, 4}
	for len(c.words) < vocabulary {
		var b strings.Builder
		for range lengths[rng.IntN(len(lengths))] {
			// 一级 characters of GB 2312 lie in this part of Unicode, among others.
			b.WriteRune(rune(0x4E00 + rng.IntN(0x2000)))
		}
		if w := b.String(); !seen[w] {
			seen[w] = true
			c.words = append(c.words, w)
		}
	}
	return c
}

// text is about n characters.
func (c *corpus) text(n int) string {
	var b strings.Builder
	for size, since := 0, 0; size < n; {
		w := c.words[c.zipf.Uint64()]
		b.WriteString(w)
		k := len([]rune(w))
		size, since = size+k, since+k
		if since > 12 {
			b.WriteString([]string{"，", "，", "。", "、"}[c.rng.IntN(4)])
			size, since = size+1, 0
		}
	}
	return b.String()
}

// rare is a word of two characters that one record alone holds: mark puts it
// there, and the vocabulary does not have it.
const rareWord = "䶮喆"

// paper is the i-th record: 0.8 to 1 KB of JSON.
func (c *corpus) paper(i int) paper {
	p := paper{
		Owner: "lin", State: []string{"open", "open", "done"}[i%3], Title: fmt.Sprintf("关于%s的第%d号通知", c.text(12), i),
		Due: 1_790_000_000_000 + int64(c.rng.IntN(90*24))*3_600_000, Text: c.text(215 + c.rng.IntN(60)),
	}
	if i == 77 {
		p.Text = rareWord + p.Text
	}
	return p
}

// ratio is how much zstd, as the wire uses it, shortens these records.
func ratio(bodies [][]byte) float64 {
	e, err := zstd.NewWriter(nil)
	must(err)
	in, out := 0, 0
	for i := 0; i < len(bodies); i += 500 {
		page := []byte{}
		for _, b := range bodies[i:min(i+500, len(bodies))] {
			page = append(page, b...)
		}
		in, out = in+len(page), out+len(e.EncodeAll(page, nil))
	}
	return float64(in) / float64(out)
}
