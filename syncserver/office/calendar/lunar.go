package calendar

import (
	"sync"
	"time"

	lunar "github.com/6tail/lunar-go/calendar"
)

// LunarDay is a day as the traditional calendar has it.
type LunarDay struct {
	Year     string // 丙午
	Month    string // 五月, 闰六月, 腊月
	Day      string // 初二
	Term     string // 节气, "" for none
	Festival string // of either calendar, "" for none
}

// solar and traditional are the festivals that calendars print. Whether one is a
// day off is not said here: that is a Year's affair.
var (
	solar = map[string]string{
		"01-01": "元旦", "03-08": "妇女节", "03-12": "植树节", "05-01": "劳动节", "05-04": "青年节", "06-01": "儿童节",
		"07-01": "建党节", "08-01": "建军节", "09-10": "教师节", "10-01": "国庆节",
	}
	traditional = map[string]string{
		"正月初一": "春节", "正月十五": "元宵节", "五月初五": "端午节", "七月初七": "七夕", "八月十五": "中秋节",
		"九月初九": "重阳节", "腊月初八": "腊八节",
	}
)

// months are the names in use; the library's are older for two of them.
var months = map[string]string{"冬": "十一", "闰冬": "闰十一"}

// one guards the library's cache of a year.
var one sync.Mutex

// Lunar is the day that t belongs to, in Zone.
func Lunar(t time.Time) LunarDay {
	t = t.In(Zone)
	one.Lock()
	defer one.Unlock()
	d, next := lunarOf(t), lunarOf(t.AddDate(0, 0, 1))
	out := LunarDay{Year: d.GetYearInGanZhi(), Month: monthOf(d), Day: d.GetDayInChinese(), Term: d.GetJieQi()}
	switch {
	case traditional[out.Month+out.Day] != "":
		out.Festival = traditional[out.Month+out.Day]
	case monthOf(next)+next.GetDayInChinese() == "正月初一":
		out.Festival = "除夕"
	default:
		out.Festival = solar[t.Format("01-02")]
	}
	return out
}

func lunarOf(t time.Time) *lunar.Lunar {
	return lunar.NewSolarFromYmd(t.Year(), int(t.Month()), t.Day()).GetLunar()
}

func monthOf(d *lunar.Lunar) string {
	m := d.GetMonthInChinese()
	if name, ok := months[m]; ok {
		m = name
	}
	return m + "月"
}
