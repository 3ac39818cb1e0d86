package document

import (
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// A Form is what the printed paper shows beyond its text and the elements that
// every paper has: part of what a signer signs.
type Form struct {
	CopyNo     string   `json:"copy_no,omitempty"`     // 份号 of the first copy, up to six digits
	Joint      string   `json:"joint,omitempty"`       // the 标志 of a 联合行文: JointAll, JointLead
	Seal       string   `json:"seal,omitempty"`        // SealStamp …
	SignTitle  string   `json:"sign_title,omitempty"`  // 职务 before a 签名章, "市长"
	AlsoSigned []string `json:"also_signed,omitempty"` // 签发人 of the other issuers of a 联合行文, in their order; see SignerOf
	Present    []string `json:"present,omitempty"`     // 出席 of a 纪要
	Excused    []string `json:"excused,omitempty"`     // 请假
	Attending  []string `json:"attending,omitempty"`   // 列席
}

// What the 标志 of a 联合行文 names.
const (
	JointAll  = ""     // every issuer, 主办 first
	JointLead = "lead" // the 主办机关 alone
)

// How a paper is signed.
const (
	SealStamp = ""     // 加盖印章
	SealNone  = "none" // 不加盖印章
	SealSign  = "sign" // 加盖签发人签名章
)

// Issuers are the offices in whose name the paper goes out, 主办 first: one, or
// those of a 联合行文 as one field names them.
func (h Header) Issuers() []string { return IssuersOf(h.Issuer) }

// IssuersOf parts the names in a field of 发文机关.
func IssuersOf(issuer string) []string {
	out := strings.FieldsFunc(issuer, func(r rune) bool { return strings.ContainsRune("、，, 　", r) })
	if len(out) == 0 {
		return []string{issuer}
	}
	return out
}

// SignerOf parts an entry of AlsoSigned: with a 签名章 the 职务 in full stands
// before the name, "清岚市财政局局长 陆时雨". A name of two characters that is
// written apart (王　飞) is a name.
func SignerOf(entry string) (title, name string) {
	parts := strings.Fields(entry)
	if n := len(parts); n > 1 {
		if title = strings.Join(parts[:n-1], ""); len([]rune(title)) > 1 {
			return title, parts[n-1]
		}
	}
	return "", strings.TrimSpace(entry)
}

// formFields are its fields, by which it is edited and merged.
var formFields = []string{"copy_no", "joint", "seal", "sign_title", "also_signed", "present", "excused", "attending"}

func (f Form) check() error {
	if len(f.CopyNo) > 6 || slices.ContainsFunc([]byte(f.CopyNo), func(c byte) bool { return c < '0' || c > '9' }) {
		return office.Invalid("copy_no", "up to six digits")
	}
	if !slices.Contains([]string{JointAll, JointLead}, f.Joint) {
		return office.Invalid("joint", "%q is not one of its values", f.Joint)
	}
	if !slices.Contains([]string{SealStamp, SealNone, SealSign}, f.Seal) {
		return office.Invalid("seal", "%q is not one of its values", f.Seal)
	}
	if err := office.CheckLine("sign_title", f.SignTitle, 0, maxName); err != nil {
		return err
	}
	for _, x := range []struct {
		field string
		names []string
	}{{"also_signed", f.AlsoSigned}, {"present", f.Present}, {"excused", f.Excused}, {"attending", f.Attending}} {
		if err := checkNames(x.field, x.names); err != nil {
			return err
		}
	}
	return nil
}
