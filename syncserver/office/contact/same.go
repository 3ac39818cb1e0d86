package contact

import (
	"slices"
	"strings"
)

// Why two cards seem to be of one person.
const (
	SamePhone = "phone"
	SameMail  = "mail"
	SameName  = "name" // name and unit both
)

// fewestDigits of a number that says who somebody is: shorter ones are extensions.
const fewestDigits = 6

// Same says why two cards seem to be of one person; "" if they do not.
func Same(a, b Card) string {
	digits := func(list []string) (out []string) {
		for _, s := range list {
			if n := digitsOf(s); len(n) >= fewestDigits {
				out = append(out, n)
			}
		}
		return out
	}
	folded := func(list []string) (out []string) {
		for _, s := range list {
			out = append(out, strings.ToLower(s))
		}
		return out
	}
	switch {
	case share(digits(a.Phones), digits(b.Phones)):
		return SamePhone
	case share(folded(a.Mails), folded(b.Mails)):
		return SameMail
	case squeezed(a.Name) == squeezed(b.Name) && squeezed(a.Org) == squeezed(b.Org):
		return SameName
	}
	return ""
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// digitsOf are the digits of a number without the country's code.
func digitsOf(s string) string {
	n := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if strings.HasPrefix(strings.TrimSpace(s), "+86") || strings.HasPrefix(n, "0086") {
		n = strings.TrimPrefix(strings.TrimPrefix(n, "00"), "86")
	}
	return n
}

func squeezed(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }

// Joined is a card with what another knows more: fields that are empty here, and
// further numbers and addresses. What both say differently stays as it is here.
func Joined(a, b Card) Card {
	for _, f := range []struct{ to, from *string }{
		{&a.Org, &b.Org}, {&a.Title, &b.Title}, {&a.Address, &b.Address}, {&a.Group, &b.Group}, {&a.Note, &b.Note},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	more := func(to, from []string, alike func(a, b string) bool) []string {
		out := slices.Clone(to)
		for _, s := range from {
			if len(out) < maxNumbers && !slices.ContainsFunc(out, func(o string) bool { return alike(o, s) }) {
				out = append(out, s)
			}
		}
		return out
	}
	a.Phones = more(a.Phones, b.Phones, func(a, b string) bool { return a == b || digitsOf(a) != "" && digitsOf(a) == digitsOf(b) })
	a.Mails = more(a.Mails, b.Mails, strings.EqualFold)
	return a
}
