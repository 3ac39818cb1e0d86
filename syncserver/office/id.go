package office

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"time"
)

// UserID names a person of the directory. The zero value is nobody.
type UserID string

// System is the actor of timers, imports and other acts no person gives.
const System UserID = "system"

// NewID makes a UUIDv7 (RFC 9562 §5.7) from a clock reading and a source of
// randomness; desks make the ids of what they create.
func NewID(now time.Time, rnd io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(rnd, b[6:]); err != nil {
		return "", err
	}
	ms := uint64(now.UnixMilli())
	b[0], b[1], b[2] = byte(ms>>40), byte(ms>>32), byte(ms>>24)
	b[3], b[4], b[5] = byte(ms>>16), byte(ms>>8), byte(ms)
	return formatUUID(b, 7), nil
}

// DeriveID makes the UUIDv8 (RFC 9562 §5.8) of its parts: the same parts give
// the same id on every machine.
func DeriveID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		var n [4]byte
		l := uint32(len(p))
		n[0], n[1], n[2], n[3] = byte(l>>24), byte(l>>16), byte(l>>8), byte(l)
		h.Write(n[:])
		io.WriteString(h, p)
	}
	var b [16]byte
	copy(b[:], h.Sum(nil))
	return formatUUID(b, 8)
}

// DeriveFrom is DeriveID with the first 48 bits of another UUID, which in those
// of [NewID] are the time: what is made of a command lies beside it in indexes,
// so that an act of today touches a few of their pages and not one for every
// record, however many years lie behind. Of an id that is no UUID it takes
// nothing but the name. Run uses it, through [Context.NewID], for ids made inside
// a command, so that running twice makes the same records.
func DeriveFrom(from string, parts ...string) string {
	id := DeriveID(append([]string{from}, parts...)...)
	const time = len("00000000-0000")
	if len(from) != len(id) || from[8] != '-' || from[13] != '-' || !isHex(from[:8]) || !isHex(from[9:time]) {
		return id
	}
	return from[:time] + id[time:]
}

func isHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

func formatUUID(b [16]byte, version byte) string {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	var s [36]byte
	hex.Encode(s[0:8], b[0:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:36], b[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

// ValidID reports whether s may be the id of a record: 1 to 64 characters of
// a–z, 0–9, '-', '_' and '.', beginning with a letter or digit. UUIDs are the
// rule; the directory also has short names such as "lin-zhiyuan".
func ValidID(s string) bool {
	if len(s) == 0 || len(s) > 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case i > 0 && (c == '-' || c == '_' || c == '.'):
		default:
			return false
		}
	}
	return true
}
