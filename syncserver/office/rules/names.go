package rules

import (
	"regexp"
	"strings"
)

// Levels of the state, from the top. Names alone tell them: an office writes to
// bodies that are in no directory of its own.
const (
	levelUnknown  = -1
	levelCentral  = 0
	levelProvince = 1
	levelCity     = 2
	levelCounty   = 3
	levelTown     = 4
)

var (
	central  = regexp.MustCompile(`国务院|中共中央|党中央|^中央|全国人大|全国政协|^国家[^、]{1,12}(?:局|委|委员会|总局|署|办公室)|^(?:外交|国防|教育|科学技术|科技|工业和信息化|公安|民政|司法|财政|人力资源社会保障|人力资源和社会保障|自然资源|生态环境|住房城乡建设|住房和城乡建设|交通运输|水利|农业农村|商务|文化和旅游|应急管理)部$`)
	misread  = strings.NewReplacer("城乡", "", "乡村", "", "城镇", "", "社区", "", "小区", "", "市场", "", "城市", "", "地区", "盟")
	province = regexp.MustCompile(`省|自治区|北京市|上海市|天津市|重庆市`)
	cities   = regexp.MustCompile(`市|自治州|盟`)
	counties = regexp.MustCompile(`县|区|旗`)
	towns    = regexp.MustCompile(`乡|镇|街道`)
	autonom  = strings.NewReplacer("自治区", "省", "自治县", "县", "自治旗", "旗", "北京市", "省", "上海市", "省", "天津市", "省", "重庆市", "省")
)

// levelOf is the level of a body by its name: the lowest that it names, for
// "清岚市东屏区" is a district. levelUnknown for a name without any.
func levelOf(name string) int {
	if central.MatchString(name) {
		return levelCentral
	}
	name = autonom.Replace(misread.Replace(name))
	switch {
	case towns.MatchString(name):
		return levelTown
	case counties.MatchString(name):
		return levelCounty
	case cities.MatchString(name):
		return levelCity
	case province.MatchString(name):
		return levelProvince
	}
	return levelUnknown
}

// isGovernment tells a government, or its office, from a department.
func isGovernment(name string) bool {
	return strings.Contains(name, "政府") && !strings.Contains(name, "部门")
}

// above reports whether a body is above another.
func above(to, issuer string) bool {
	t, i := levelOf(to), levelOf(issuer)
	if t == levelUnknown || i == levelUnknown {
		return false
	}
	return t < i || t == i && isGovernment(to) && !isGovernment(issuer)
}

// below reports whether a body is below another.
func below(to, issuer string) bool { return above(issuer, to) }

// skips reports whether a body is above the issuer's direct superior, and names
// the kind of body passed over.
func skips(to, issuer string) (over string, yes bool) {
	t, i := levelOf(to), levelOf(issuer)
	if t == levelUnknown || i == levelUnknown || t >= i {
		return "", false
	}
	names := map[int]string{levelProvince: "省人民政府", levelCity: "市人民政府", levelCounty: "县（区）人民政府"}
	switch {
	case isGovernment(issuer) && t < i-1:
		return names[i-1], true
	case !isGovernment(issuer) && (t < i-1 || isGovernment(to)):
		return names[i], true
	}
	return "", false
}

// goesUp reports whether a paper is 上行文: by its genre, or because it is an
// 意见 to a body above.
func goesUp(p *Paper) bool {
	switch p.Genre {
	case "请示", "报告":
		return true
	case "意见":
		for _, to := range p.To {
			for _, issuer := range p.Issuers() {
				if above(to, issuer) {
					return true
				}
			}
		}
	}
	return false
}
