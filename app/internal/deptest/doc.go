// Package deptest holds the house's walls: who may import whom, and what else
// the source must never contain. It is tests only.
//
// The compiler keeps half of the walls (nothing outside app sees app/internal);
// the tables here keep the other half, each line with its reason. A package
// without a line does not pass: whoever adds a room says what it may know.
package deptest
