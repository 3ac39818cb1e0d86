package office

import "unicode/utf8"

// scanMax is how deep values may lie for scanObject.
const scanMax = 100

// scanObject reads a canonical object at the beginning of b: what storable
// writes, where the names of its fields need no escape. It gives the object's
// length, and 0 for anything else: then encoding/json is to be asked, which is
// ten times slower. each, which may be nil, gets the fields in order.
func scanObject(b []byte, each func(name, value []byte)) int {
	if len(b) < 2 || b[0] != '{' {
		return 0
	}
	if b[1] == '}' {
		return 2
	}
	var last []byte
	for i := 1; ; i++ {
		if i >= len(b) || b[i] != '"' {
			return 0
		}
		from := i + 1
		for i = from; i < len(b) && b[i] != '"'; i++ {
			if b[i] < ' ' || b[i] > '~' || b[i] == '\\' {
				return 0
			}
		}
		if i+1 >= len(b) || b[i+1] != ':' {
			return 0
		}
		name := b[from:i]
		if from > 2 && string(name) <= string(last) {
			return 0
		}
		last, from = name, i+2
		if i = scanValue(b, from, 0); i == 0 || i >= len(b) {
			return 0
		}
		if each != nil {
			each(name, b[from:i])
		}
		if b[i] == '}' {
			if !utf8.Valid(b[:i+1]) {
				return 0
			}
			return i + 1
		}
		if b[i] != ',' {
			return 0
		}
	}
}

// scanValue gives the index after the value at i, which holds no space outside
// of strings and no U+0000; 0 if there is none.
func scanValue(b []byte, i, depth int) int {
	if i >= len(b) || depth > scanMax {
		return 0
	}
	switch c := b[i]; {
	case c == '"':
		return scanString(b, i)
	case c == '{':
		return scanMembers(b, i, '}', depth)
	case c == '[':
		return scanMembers(b, i, ']', depth)
	case c == '-' || c >= '0' && c <= '9':
		return scanNumber(b, i)
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if len(b)-i >= len(word) && string(b[i:i+len(word)]) == word {
			return i + len(word)
		}
	}
	return 0
}

func scanMembers(b []byte, i int, end byte, depth int) int {
	if i+1 < len(b) && b[i+1] == end {
		return i + 2
	}
	for {
		i++
		if end == '}' {
			if i >= len(b) || b[i] != '"' {
				return 0
			}
			if i = scanString(b, i); i == 0 || i >= len(b) || b[i] != ':' {
				return 0
			}
			i++
		}
		if i = scanValue(b, i, depth+1); i == 0 || i >= len(b) {
			return 0
		}
		switch b[i] {
		case end:
			return i + 1
		case ',':
		default:
			return 0
		}
	}
}

func scanString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c < ' ':
			return 0
		case c == '\\':
			if i++; i >= len(b) {
				return 0
			}
			switch b[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				if len(b)-i < 5 || string(b[i+1:i+5]) == "0000" {
					return 0
				}
				for _, h := range b[i+1 : i+5] {
					if (h < '0' || h > '9') && (h < 'a' || h > 'f') && (h < 'A' || h > 'F') {
						return 0
					}
				}
				i += 4
			default:
				return 0
			}
		}
	}
	return 0
}

func scanNumber(b []byte, i int) int {
	digits := func() bool {
		from := i
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		return i > from
	}
	if b[i] == '-' {
		i++
	}
	zero := i < len(b) && b[i] == '0'
	from := i
	if !digits() || zero && i > from+1 {
		return 0
	}
	if i < len(b) && b[i] == '.' {
		if i++; !digits() {
			return 0
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}

// CanonicalPrefix is the length of the canonical object at the beginning of b,
// or 0 if none is there or only Canonical can tell.
func CanonicalPrefix(b []byte) int { return scanObject(b, nil) }
