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
//	a request has no time limit
//	    TestRoadsAreTold/half_open, /stall: waited in vain until it is told
//	the limit ends with the answer's head
//	    TestRoadsAreTold/stall_in_the_answer: waited in vain until it is told
//	a desk that failed once does not try again by itself
//	    TestRoadsAreTold/reset: waited in vain until it is delivered
//	a request is made anew where the answer to the last one was lost
//	    TestBadRoads: {What:fork Why:the server has no memory of this device's work …}
//	what comes along on a slow line gets no longer (sent, and read)
//	    TestModem: sync: push: timeout: … context deadline exceeded
//	    TestModem: sync: pull: timeout (HTTP 200): read answer: …
//	any answer is the server's
//	    TestRoadsAreTold/portal, /gateway: waited in vain until it is told
//	redirects are followed; a gateway's 502 is an answer of something else
//	    TestRoadsAreTold/redirect; /gateway: waited in vain until it is told
//	a desk does not look by itself where no poke comes through
//	    TestBufferedStream: waited in vain until it comes
//	the desk trusts any certificate
//	    TestUntrustedCertificate: hello: not_server: not an answer of the sync server
//	the store's standby is not synchronous, and the stream to it breaks
//	    TestStandbyTakesOver (package authority): d1: {Verdict:fork Results:[] LastN:0 …}
//
// A standby that is not synchronous but keeps up passes: on one machine nothing
// was left to lose.
//
// Longer: -proof.rounds, -proof.cuts, -proof.day, -proof.seed.
package proof
