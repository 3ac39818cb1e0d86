package office

import (
	"encoding/json"
	"slices"
)

// MaxBlob is the most bytes of one file: 2 GiB.
const MaxBlob = 2 << 30

// CodeNoBlob refuses a command that refers to a file which the server does not
// have, or which its actor neither brought nor may read.
const CodeNoBlob Code = "blob_missing"

// BlobRef names a file by the SHA-256 of its content, in hex, and its size.
type BlobRef struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// BlobUser is a command that refers to files its author brings along: it is
// sent once the server has them. The answer depends on the command's fields
// alone.
type BlobUser interface {
	Command
	Blobs() []BlobRef
}

// ValidSHA256 reports whether s is a SHA-256 as files are named: 64 characters
// of 0–9 and a–f.
func ValidSHA256(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// CheckBlob refuses what cannot be a file: CodeInvalid, or CodeTooLarge above
// MaxBlob.
func CheckBlob(b BlobRef) error {
	switch {
	case !ValidSHA256(b.SHA256):
		return Invalid("sha256", "64 characters of 0–9 and a–f are needed")
	case b.Size < 0:
		return Invalid("size", "a size below 0")
	case b.Size > MaxBlob:
		return &Error{Code: CodeTooLarge, Field: "size", Message: "最大 2 GB"}
	}
	return nil
}

// BlobsOf are the SHA-256 of the files a record refers to by the fields its
// kind declares, sorted: each field is a text, a list of texts, or a list of
// objects with the field "sha256". What is no SHA-256 is none.
func BlobsOf(k *Kind, r Record) ([]string, error) {
	if len(k.Blobs) == 0 {
		return nil, nil
	}
	m, err := r.Fields()
	if err != nil {
		return nil, err
	}
	var out []string
	add := func(s string) {
		if ValidSHA256(s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, f := range k.Blobs {
		var one string
		var many []json.RawMessage
		if json.Unmarshal(m[f], &one) == nil {
			add(one)
			continue
		}
		if json.Unmarshal(m[f], &many) != nil {
			continue // another type counts as missing, as in a column
		}
		for _, raw := range many {
			var x struct {
				SHA256 string `json:"sha256"`
			}
			if json.Unmarshal(raw, &one) == nil {
				add(one)
			} else if json.Unmarshal(raw, &x) == nil {
				add(x.SHA256)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}
