package engine

import (
	"context"
	"encoding/json"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Transport carries requests to the server. An error is never a verdict on a
// command: whatever the error is, the engine keeps its work in order and tries
// again later. Implementations are safe for concurrent use.
type Transport interface {
	Hello(ctx context.Context, r protocol.HelloRequest) (protocol.HelloReply, error)
	// Push sends the exact persisted JSON of a protocol.PushRequest.
	Push(ctx context.Context, body []byte) (protocol.PushReply, error)
	Pull(ctx context.Context, r protocol.PullRequest) (protocol.PullReply, error)
	Digest(ctx context.Context, r protocol.DigestRequest) (protocol.DigestReply, error)
	// Poke blocks while the stream of pokes lives and calls on for each.
	Poke(ctx context.Context, on func(chans []office.Channel)) error
}

// Commands decodes commands by name and runs them; *catalog.Catalog is one.
// Decode is strict: whatever it does not know is an *office.Error. Run is the
// office's rules and then the command's own Run; nobody calls that one directly.
type Commands interface {
	Decode(kind string, args json.RawMessage) (office.Command, error)
	Run(tx office.Tx, c office.Context, cmd office.Command) error
}
