package app

import _ "embed"

// icon is the small form of build/appicon.png, for window managers.
//
//go:embed icon.png
var icon []byte
