package httpd_test

import (
	"os"
	"testing"

	"qianshao/syncserver/internal/store/pgtest"
)

var pg pgtest.Cluster

func TestMain(m *testing.M) {
	code := m.Run()
	pg.Stop()
	os.Exit(code)
}

// onPostgres makes newWorld use PostgreSQL; only TestPostgres sets it, and no
// test of this package runs in parallel.
var onPostgres bool

// What touches the store most, over PostgreSQL: it refuses texts and treats
// transactions otherwise than SQLite.
func TestPostgres(t *testing.T) {
	onPostgres = true
	defer func() { onPostgres = false }()
	for name, test := range map[string]func(*testing.T){
		"BadCommandsAreRefusedOneByOne": TestBadCommandsAreRefusedOneByOne, "Replays": TestReplays, "HostileTexts": TestHostileTexts,
		"ForeignDevices": TestForeignDevices, "RevokedDevice": TestRevokedDevice, "LoginTellsNothing": TestLoginTellsNothing,
		"StreamEndsWithItsSession": TestStreamEndsWithItsSession, "BlobLife": TestBlobLife, "BlobQuotaAndGC": TestBlobQuotaAndGC, "Health": TestHealth,
	} {
		t.Run(name, test)
	}
}
