package layout

import "strings"

// Characters that may follow a number and belong to it.
const units = "年月日号时分秒%％‰℃°周岁个件人户次项元万亿条款章处里米吨度届期"

// Characters that follow 第 and a numeral in Chinese.
const counters = "批次条章节届期号季年月日个项款名版卷册部回"

// ordinal reports that the numeral that ends at i follows 第.
func ordinal(text []rune, i int) bool {
	for i >= 0 && classOf(text[i])&isNumeral != 0 {
		i--
	}
	return i >= 0 && text[i] == '第'
}

// Units of two and more characters that a number keeps.
var longUnits = []string{"小时", "分钟", "公里", "公斤", "平方米", "平方公里", "立方米", "千米", "厘米", "毫米", "千瓦", "万元", "亿元", "万人", "万吨", "万平方米", "工作日", "个工作日", "个百分点"}

// Where the search for a 机关代字 before 〔 ends.
const numberStops = "号，。、；：（）《》“”根据按照依见和与及按以对在由经"

const numerals = "一二三四五六七八九十百千〇零"

// ties marks the characters that no line may begin with because they belong to
// what stands before them: words, numbers with their unit, 文号, paired dashes,
// protected terms. It needs no dictionary.
func ties(text []rune, protect [][]rune) []bool {
	return tieInto(make([]bool, len(text)), text, protect)
}

// tieInto is ties on a slice of the text's length without marks.
func tieInto(t []bool, text []rune, protect [][]rune) []bool {
	var ca, cb class
	for i, b := range text {
		ca, cb = cb, classOf(b)
		if i == 0 || ca&leads == 0 && cb&follows == 0 {
			continue
		}
		a := text[i-1]
		switch {
		case ca&isWord != 0 && cb&isWord != 0:
			t[i] = true
		case cb&isWord != 0 && ca&isInWord != 0 && i >= 2 && classOf(text[i-2])&isWord != 0:
			t[i] = true // the far side of a dot, slash or hyphen
		case ca&isWord != 0 && cb&isInWord != 0 && i+1 < len(text) && classOf(text[i+1])&isWord != 0:
			t[i] = true
		case ca&isDigit != 0 && cb&isUnit != 0:
			t[i] = true
		case a == '第' && cb&(isDigit|isNumeral) != 0:
			t[i] = true
		case (a == '-' || a == '－' || a == '+') && cb&isDigit != 0:
			t[i] = true
		case a == '…' && b == '…', a == '—' && b == '—':
			t[i] = true
		case ca&isNumeral != 0 && cb&isNumeral != 0:
			t[i] = true // 二十一
		case ca&isNumeral != 0 && cb&isCounter != 0 && ordinal(text, i-1):
			t[i] = true // 第三批
		case (ca|cb)&isHole != 0:
			t[i] = true
		}
		if ca&isDigit != 0 && cb&isMark == 0 {
			tieUnit(text, t, i)
		}
		if b == '〔' {
			tieNumber(text, t, i)
		}
	}
	for _, p := range protect {
		tieTerm(text, t, p)
	}
	return t
}

// tieUnit ties the longest unit that begins at i to the number before it.
func tieUnit(text []rune, t []bool, i int) {
	n := 0
	for _, u := range longUnits {
		if k := len([]rune(u)); k > n && i+k <= len(text) && string(text[i:i+k]) == u {
			n = k
		}
	}
	for k := range n {
		t[i+k] = true
	}
}

// tieNumber ties 清政办发〔2026〕21号; at is the place of 〔. The 机关代字 is up
// to six characters, unless a mark or a small word ends it before.
func tieNumber(text []rune, t []bool, at int) {
	j := at + 1
	for j < len(text) && classOf(text[j])&isDigit != 0 {
		j++
	}
	if j-at != 5 || j >= len(text) || text[j] != '〕' {
		return
	}
	for i := at; i <= j; i++ {
		t[i] = true
	}
	for j++; j < len(text) && (classOf(text[j])&isDigit != 0 || text[j] == '号' || text[j] == '第' || text[j] == Hole); j++ {
		t[j] = true
		if text[j] == '号' {
			break
		}
	}
	for i, n := at-1, 0; i > 0 && n < 5; i, n = i-1, n+1 {
		if !isHan(text[i]) || !isHan(text[i-1]) || strings.ContainsRune(numberStops, text[i-1]) {
			break
		}
		t[i] = true
	}
}

func tieTerm(text []rune, t []bool, term []rune) {
	if len(term) < 2 {
		return
	}
	for i := 0; i+len(term) <= len(text); i++ {
		if text[i] == term[0] && string(text[i:i+len(term)]) == string(term) {
			for k := 1; k < len(term); k++ {
				t[i+k] = true
			}
			i += len(term) - 1
		}
	}
}
