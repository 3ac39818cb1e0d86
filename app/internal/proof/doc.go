// Package proof has tests only: desks and servers, the real ones, over real
// sockets through a proxy that misbehaves, on disks that are full or lose what
// was not synced, cloned, restored and spoilt, and with files that former
// versions have left (design: sync.md §4, §6).
//
// Each shows by itself what a defence is for:
//
//	TestPowerCut      with the outbox or the store at synchronous=NORMAL, taken
//	                  and answered commands are gone after a cut
//	TestBadRoads      resets at any byte, stalls, half-open connections, pages of
//	                  a captive portal, redirects, gateways
//	TestTheOtherServer  the server dies in the middle of a push
//	TestTheDesksDiskIsFull, TestTheServersDiskIsFull   real file systems of a few MB
//	TestClonedProfile, TestRestoredProfile, TestSpoiltReplica, TestSpoiltOutbox,
//	TestRestoredServer, TestLongAway                   the discontinuities
//	TestFilesOfFormerVersions                          upgrades
//	TestActsOffLine, TestActsThatNeedTheServer         every row of the table of
//	                  actions: given off line, applied or refused when back
//
// What some of them printed when what they prove was broken:
//
//	the desk trusts any certificate
//	    TestUntrustedCertificate: hello: network (HTTP 200): decode answer:
//	    unexpected end of JSON input … asked 1 times
//	a desk that failed once does not try again by itself
//	    TestRoadsAreTold/reset: waited in vain until it is delivered:
//	    {… Online:false … Waiting:1 …}
//	the store's standby is not synchronous, and the stream to it breaks
//	    TestStandbyTakesOver (package authority): d1: {Verdict:fork Results:[] LastN:0 …}
//
// A standby that is not synchronous but keeps up passes: on one machine nothing
// was left to lose.
//
// Longer: -proof.rounds, -proof.cuts, -proof.day, -proof.seed.
package proof
