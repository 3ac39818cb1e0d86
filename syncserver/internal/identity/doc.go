// Package identity is who may use the server: accounts with their passwords,
// the devices a person works on, and sessions.
//
// It knows log-in names, not what people may see: that follows from the
// person's record in the directory (package authority). Passwords are kept as
// argon2id hashes, session tokens as SHA-256; neither is ever logged. Clock and
// randomness are passed in.
package identity
