package protocol

import "qianshao/syncserver/office"

// PasswordRequest changes the password of the session's person. Every other
// session of that person ends with it.
type PasswordRequest struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// Ack is the answer of a request that has nothing to tell but that it was done.
type Ack struct {
	OK bool `json:"ok"`
}

// Codes of requests that the server did not take up. They stand beside the
// codes of commands in package office and are frozen in the same way.
const (
	CodeBadRequest  office.Code = "bad_request"       // 400: not JSON, not UTF-8, a field of another type
	CodeCredentials office.Code = "bad_credentials"   // 401 at log-in: name or password; never says which
	CodeLocked      office.Code = "account_locked"    // 429: too many wrong passwords; Retry-After says how long
	CodeRate        office.Code = "rate_limited"      // 429: too many log-ins; Retry-After says how long
	CodeSession     office.Code = "session_expired"   // 401: no session, an ended or an unknown one
	CodeDevice      office.Code = "wrong_device"      // 403: the device is another person's, revoked, or not this session's
	CodeWeak        office.Code = "weak_password"     // 422: the new password breaks a rule; Message names it
	CodeMediaType   office.Code = "unsupported_media" // 415: Content-Type or Content-Encoding
	CodeNoEndpoint  office.Code = "no_endpoint"       // 404
	CodeMethod      office.Code = "method_not_allowed"
	CodeUnavailable office.Code = "unavailable" // 503: the server cannot work now; ask again later
	CodeServerFull  office.Code = "server_full" // 507: the server's disk is full; nothing was taken, ask again later
)

// Codes that the client gives where no answer of the server is at hand. None
// of them is a verdict: the work stays and is sent again.
const (
	CodeNetwork   office.Code = "network"    // not reached, or the answer broke off
	CodeTimeout   office.Code = "timeout"    // no answer in time
	CodeTLS       office.Code = "tls"        // the server's certificate could not be trusted
	CodeNotServer office.Code = "not_server" // something else answered: a captive portal, a proxy, another program
)

// HeaderVersion names the protocol version the server speaks. The client takes
// an answer without it for one of something else on the way (see CodeNotServer).
const HeaderVersion = "Qianshao-Protocol"
