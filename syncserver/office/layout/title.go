package layout

import (
	"math"
	"strings"
)

// Where a title may break well: after these words and marks …
var breakAfter = []string{"的", "和", "与", "及", "、", "，", "》", "”", "）", "政府", "办公室", "办公厅", "委员会", "局", "厅", "部", "小组", "中心", "公司", "工作"}

// … and before these. Neither is a dictionary: they are the joints of official
// titles.
var breakBefore = []string{"关于", "《", "“", "的", "和", "与", "及", "等", "先进", "转发", "印发", "批转"}

// Common words of official titles that a line must not end within. What is not
// here, and not named in Options.Protect, may break between any two characters
// at a small cost.
var titleWords = strings.Fields(`
通知 通报 通告 公告 公报 决定 决议 命令 意见 报告 请示 批复 议案 纪要 工作 实施 管理 办法 规定 条例 细则 方案 规划 计划 要点 制度 机制 体系
开展 建设 加强 推进 推动 促进 深化 进一步 全面 做好 落实 完善 规范 调整 设立 成立 建立 健全 组织 召开 举办 参加 安排 部署 印发 转发 批转 公布 发布 征求
老旧 小区 充电桩 安装 设施 改造 安全 生产 应急 防汛 抗旱 防汛抗旱 物资 储备 检查 整治 专项 行动 活动 会议 培训 考核 评价 奖励 表彰 先进 集体 个人 同志 职务 任免
人民 政府 办公室 办公厅 委员会 管委会 领导 小组 经济 开发区 城市 农村 乡村 社区 街道 交通 运输 教育 卫生 健康 文化 旅游 农业 林业 水务 水利 财政 数据 信息
预算 决算 资金 补助 项目 投资 招标 采购 土地 规划 住房 环境 保护 生态 食品 药品 市场 监督 服务 行政 审批 改革 试点 创新 发展 高质量 营商 企业 公共 资源
图书馆 延时 开放 时间 公交 线路 校园 午餐 供应 情况 道路 积水 问题 整改 进展 接口 古树 名木 普查 台账 报送 关于 有关 事项 责任 分工 暂行 试行 若干
`)

// breakTitle cuts a title into lines of at most max cells: as few as possible,
// in the shape of a trapezium or a rhombus (梯形, 菱形), with whole words. A line
// end that the writer typed stays. The lines add up to the title.
func breakTitle(title string, max int, protect [][]rune) []string {
	var out []string
	for _, part := range lines(title) {
		out = append(out, breakPart([]rune(clean(part)), max, protect)...)
	}
	return out
}

func breakPart(text []rune, max int, protect [][]rune) []string {
	n := cellsIn(text)
	if n <= float64(max) {
		return []string{string(text)}
	}
	cost := breakCosts(text, protect)
	least := int(math.Ceil(n/float64(max) - eps))
	best, score := []int(nil), math.Inf(1)
	for count := least; count <= least+1 && count <= 6; count++ {
		cut, s := shape(text, cost, count, float64(max))
		// One line more must be worth it.
		if s += float64(count-least) * 6; cut != nil && s < score {
			best, score = cut, s
		}
	}
	if best == nil { // words that no line holds: cut where the line is full
		for i, w := 0, 0.0; i < len(text); i++ {
			if w += cellsIn(text[i : i+1]); w > float64(max) {
				best, w = append(best, i), cellsIn(text[i:i+1])
			}
		}
	}
	var out []string
	from := 0
	for _, to := range append(best, len(text)) {
		out = append(out, string(text[from:to]))
		from = to
	}
	return out
}

func cellsIn(text []rune) (n float64) {
	for _, r := range text {
		n += Nominal{}.Advance(XBS, r)
	}
	return n
}

const never = 1e6

// breakCosts is what it costs to end a line before each character.
func breakCosts(text []rune, protect [][]rune) []float64 {
	cost := make([]float64, len(text)+1)
	t := ties(text, protect)
	s := string(text)
	at := func(i int) string { return s[len(string(text[:i])):] }
	for i := 1; i < len(text); i++ {
		cost[i] = 8
		before, rest := string(text[:i]), at(i)
		for _, w := range breakAfter {
			if strings.HasSuffix(before, w) {
				cost[i] = 1
			}
		}
		for _, w := range breakBefore {
			if strings.HasPrefix(rest, w) {
				cost[i] = math.Min(cost[i], 1.5)
			}
		}
		switch {
		case strings.HasPrefix(rest, "关于"):
			cost[i] = 0
		case strings.HasPrefix(rest, "的"), strings.HasPrefix(rest, "等"):
			cost[i] = 5 // these stay with what is before them
		case strings.HasSuffix(before, "关于"):
			cost[i] = 16
		}
		for _, w := range []string{"局", "厅", "处", "科", "委员会", "办公室", "部门", "级"} {
			if strings.HasPrefix(rest, w) {
				cost[i] = 20 // the end of a name
			}
		}
	}
	for _, w := range titleWords {
		word := []rune(w)
		for i := 0; i+len(word) <= len(text); i++ {
			if string(text[i:i+len(word)]) == w {
				for k := 1; k < len(word); k++ {
					cost[i+k] += 30
				}
			}
		}
	}
	for i := 1; i < len(text); i++ {
		a, b := classOf(text[i-1]), classOf(text[i])
		if t[i] || b&isNoStart != 0 || a&isNoEnd != 0 {
			cost[i] = never
		}
	}
	// The 文种 at the end is no line of its own.
	for i := max(1, len(text)-3); i < len(text); i++ {
		cost[i] += 40
	}
	return cost
}

// shape finds the cuts into count lines that cost least: words first, then the
// form. Titles are short: every place is tried.
func shape(text []rune, cost []float64, count int, limit float64) ([]int, float64) {
	var places []int
	for i := 1; i < len(text); i++ {
		if cost[i] < never {
			places = append(places, i)
		}
	}
	width := make([]float64, len(text)+1)
	for i := range text {
		width[i+1] = width[i] + cellsIn(text[i:i+1])
	}
	total := width[len(text)]
	mean := total / float64(count)
	// The places nearest to a line's share of the title are enough.
	var best []int
	score := math.Inf(1)
	cut := make([]int, 0, count)
	var try func(from int, spent float64)
	try = func(from int, spent float64) {
		if spent >= score {
			return
		}
		if len(cut) == count-1 {
			if width[len(text)]-width[from] > limit+eps {
				return
			}
			if s := spent + form(width, cut, len(text), mean); s < score {
				score, best = s, append([]int(nil), cut...)
			}
			return
		}
		left := float64(count - len(cut) - 1)
		for _, i := range places {
			w := width[i] - width[from]
			if i <= from || w > limit+eps {
				continue
			}
			if total-width[i] > left*limit+eps || w < mean*0.4 {
				continue
			}
			cut = append(cut, i)
			try(i, spent+cost[i])
			cut = cut[:len(cut)-1]
		}
	}
	try(0, 0)
	return best, score
}

// form is what the outline of the lines costs: a steady step from line to line
// (梯形) or out and in again (菱形) costs nothing, a waist (沙漏) or lines of one
// length (长方形) do.
func form(width []float64, cut []int, end int, mean float64) float64 {
	ws := make([]float64, 0, 6)
	from := 0
	for _, to := range append(append([]int(nil), cut...), end) {
		ws = append(ws, width[to]-width[from])
		from = to
	}
	s := 0.0
	down, up, turns := 0, 0, 0
	for i := 1; i < len(ws); i++ {
		d := ws[i] - ws[i-1]
		switch {
		case d == 0:
			s += 1.5
		case d > 0:
			if down > 0 {
				turns++ // in, then out: a waist
			}
			up++
		default:
			down++
		}
		if a := math.Abs(d); a > 6 {
			s += (a - 6) * 0.6
		}
	}
	for _, w := range ws {
		s += math.Abs(w-mean) * 0.25
	}
	return s + float64(turns)*8
}
