package demo

import (
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// An Account is somebody of the demonstration who can sign in.
type Account struct {
	User  string        // name for signing in: pinyin without tones, "linzhiyuan"
	Name  string        // 林知远
	UID   office.UserID // "lin-zhiyuan"
	Title string        // 常务副市长
	Unit  string        // name of the main unit
}

// Accounts are everybody of the demonstration organisation, in the order of its
// address book.
func Accounts() []Account {
	names := map[string]string{}
	for _, u := range allUnits() {
		names[u.id] = u.name
	}
	var out []Account
	for _, p := range allPeople() {
		out = append(out, Account{
			User: strings.ReplaceAll(p.id, "-", ""), Name: p.name, UID: office.UserID(p.id), Title: p.title, Unit: names[p.unit],
		})
	}
	return out
}

// allUnits are the units with the departments and districts in their places.
func allUnits() []unit {
	var out []unit
	for _, u := range units {
		out = append(out, u)
		for _, o := range outer {
			if o.parent == u.id {
				out = append(out, unit{o.id, o.name, o.short, o.parent, office.UserID(idOf(o.director)), o.id + "-shoufa"})
			}
		}
	}
	return out
}

// allPosts are the posts with the three of each department and district.
func allPosts() []post {
	out := posts[:len(posts):len(posts)]
	for _, o := range outer {
		out = append(out,
			post{o.id + "-zhuren", o.name + "办公室主任", o.id},
			post{o.id + "-shoufa", o.name + "收发", o.id},
			post{o.id + "-xinxi", o.name + "信息员", o.id})
	}
	return out
}

// allPeople are the people with the three of each department and district, all
// with their ids.
func allPeople() []person {
	var out []person
	for _, p := range people {
		if p.id == "" {
			p.id = idOf(p.name)
		}
		out = append(out, p)
	}
	for _, o := range outer {
		for _, x := range []person{
			{name: o.director, title: "办公室主任", posts: o.id + "-zhuren", roles: "sectionhead drafter"},
			{name: o.clerk, title: "收发员", posts: o.id + "-shoufa", roles: "clerk"},
			{name: o.informs, title: "信息员", posts: o.id + "-xinxi", roles: "informant"},
		} {
			x.unit, x.id = o.id, idOf(x.name)
			out = append(out, x)
		}
	}
	return out
}

// idOf makes "lin-zhiyuan" of 林知远: surname, hyphen, given name.
func idOf(name string) string {
	py, _ := directory.Pinyin(name)
	surname, given, _ := strings.Cut(py, " ")
	return surname + "-" + strings.ReplaceAll(given, " ", "")
}
