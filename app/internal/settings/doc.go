// Package settings keeps what a desk knows before its databases are open:
// where profiles live, whose a profile is, which server it talks to, the
// session's token and the policy in force. It opens no database (package vault
// does) and takes no lock (whoever changes a profile holds the profile's lock).
package settings
