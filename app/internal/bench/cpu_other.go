//go:build !unix

package main

import "time"

var began = time.Now()

// cpu stands in where the system does not tell processor time.
func cpu() time.Duration { return time.Since(began) }
