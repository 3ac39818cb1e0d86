package servertest

import "context"

// Run is the server's clockwork until ctx ends: jobs as they come due, pokes
// between servers over one database.
func (s *Server) Run(ctx context.Context) error { return s.server().Authority.RunDue(ctx) }
