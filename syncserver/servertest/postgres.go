package servertest

import "qianshao/syncserver/internal/store/pgtest"

// Postgres is a cluster of a test binary's own, for servers that share a
// database: see Options.URL. The zero value is ready; Stop removes it.
type Postgres = pgtest.Cluster
