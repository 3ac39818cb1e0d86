// Package directory is who the office is: its people, units, posts and roles,
// which every other room may know and everybody may read (公用通讯录, Z3).
//
// Rights follow the separation of the three administrators (三员, rule L23): the
// system administrator keeps people, units and posts, the security
// administrator grants roles, nobody grants to himself, and a holder of one of
// the three roles holds nothing else.
package directory
