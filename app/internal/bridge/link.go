package bridge

import (
	"net/url"
	"strings"

	"qianshao/syncserver/office"
)

// LinkScheme is the scheme of links into the window, such as
// qianshao://document/0190….
const LinkScheme = "qianshao"

// linked are the places a link may lead to, by the link's host. A place with
// an id has it as the only part of its path; nothing of the link but that id,
// checked, reaches the page.
var linked = map[string]struct {
	route string // the page's route; an id follows it
	id    bool
}{
	"workbench": {route: "/"},
	"todo":      {route: "/todo"},
	"in":        {route: "/documents/in"},
	"out":       {route: "/documents/out"},
	"sign":      {route: "/documents/sign"},
	"calendar":  {route: "/calendar"},
	"contacts":  {route: "/contacts"},
	"reconcile": {route: "/reconcile"},
	"settings":  {route: "/settings"},
	"document":  {route: "/document/", id: true},
	"item":      {route: "/todo?show=", id: true},
	"event":     {route: "/calendar?show=", id: true},
	"person":    {route: "/contacts?book=public&show=", id: true},
	"card":      {route: "/contacts?book=mine&show=", id: true},
	"case":      {route: "/reconcile/", id: true},
}

// maxLink bounds a link before anything looks into it.
const maxLink = 300

// Route is the page's route of a link; false for anything that is not on the
// list, down to a character too many.
func Route(link string) (string, bool) {
	if len(link) > maxLink {
		return "", false
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != LinkScheme || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery || u.Opaque != "" {
		return "", false
	}
	to, ok := linked[u.Host]
	if !ok {
		return "", false
	}
	id := strings.Trim(u.EscapedPath(), "/") // browsers add a slash
	if !to.id {
		return to.route, id == ""
	}
	if office.CheckID("id", id) != nil {
		return "", false
	}
	return to.route + id, true
}
