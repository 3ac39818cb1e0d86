// Package story is the demonstration trip: 林知远 takes the train with his desk
// off line while the others go on working at home, and comes back. It is played
// through the real programs and told as it happens; every act says what was
// expected and what came of it.
package story
