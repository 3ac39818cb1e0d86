// Package sqlite is the driver of embedded databases, set as both halves of the
// program need it: whoever opens one imports this package in the driver's stead.
// It opens nothing and knows no table.
//
// A prepared statement is used again as it is. SQLite would plan one anew for
// each value it is given, in case another index served that value better, and
// the driver clears the values before each use, which counts as a change: every
// statement was parsed and planned at every use, which took longer than running
// it. The views are declared with their indexes (office.View), so that one plan
// serves all values. In SQLite's words: the query planner stability guarantee.
//
// SQLite's count of its own memory is off: it takes one lock for all threads at
// each allocation, and nobody reads it.
package sqlite

import _ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
