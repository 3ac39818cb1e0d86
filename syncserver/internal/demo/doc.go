// Package demo is the demonstration organisation: 清岚市人民政府办公室, an
// invented office with its people, papers, to-dos, calendars and cards. All of it
// is made by the commands that people give, one after the other, at plausible
// times before a given now; nothing is written past them. It is what a newcomer
// sees first, and what the demonstration trip is played on.
package demo
