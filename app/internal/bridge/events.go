package bridge

// Names of the events that Go sends to the page; the page's list is
// frontend/src/bridge/events.ts and a test holds the two together. Events
// carry no contents: the page reads again what it shows.
const (
	// EventChanged: records changed; the payload is a [Changed].
	EventChanged = "changed"
	// EventStatus: the sync line may read differently; no payload.
	EventStatus = "status"
	// EventSession: somebody signed in or out, or the first load went on; no payload.
	EventSession = "session"
	// EventLink: a link from outside wants to be followed, see Shell.Link; no payload.
	EventLink = "link"
	// EventNotice: a notification of the system was answered; the payload is
	// the notice's id.
	EventNotice = "notice"
)

// Events are all event names.
func Events() []string {
	return []string{EventChanged, EventStatus, EventSession, EventLink, EventNotice}
}

// Changed says which kinds of records changed since the last such event.
type Changed struct {
	All   bool     `json:"all"` // anything may have changed: read everything again
	Kinds []string `json:"kinds"`
}
