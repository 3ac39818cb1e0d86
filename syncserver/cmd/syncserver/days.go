package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"qianshao/syncserver/protocol"
)

// defaultTerm is the offline term unless told otherwise: as long as a session
// lives without being used.
const defaultTerm = 30 * 24 * time.Hour

// days is a flag for a time of whole hours: "7d", "36h" or "0".
type days time.Duration

func (d *days) String() string {
	h := int64(time.Duration(*d) / time.Hour)
	if h%24 == 0 && h > 0 {
		return strconv.FormatInt(h/24, 10) + "d"
	}
	return strconv.FormatInt(h, 10) + "h"
}

func (d *days) Set(s string) error {
	const most = protocol.MaxOfflineHours
	num, unit := strings.TrimSpace(s), int64(1)
	switch {
	case num == "0":
	case strings.HasSuffix(num, "d"):
		num, unit = strings.TrimSuffix(num, "d"), 24
	case strings.HasSuffix(num, "h"):
		num = strings.TrimSuffix(num, "h")
	default:
		return fmt.Errorf("days or hours are needed, such as 7d or 36h, or 0")
	}
	n, err := strconv.ParseInt(num, 10, 32)
	if err != nil || n < 0 || n*unit > most {
		return fmt.Errorf("0 to %dd", most/24)
	}
	*d = days(time.Duration(n*unit) * time.Hour)
	return nil
}
