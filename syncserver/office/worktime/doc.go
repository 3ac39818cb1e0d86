// Package worktime is the office's working time: hours of the day, weekends,
// and the days that a year's published list of holidays and make-up days makes
// free or busy. It computes limits and asks no clock. A year whose list has not
// been published is a state that it reports, never a guess it hides.
package worktime
