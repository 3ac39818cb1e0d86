// Command qianshao is the desktop window of 前哨.
//
// This file stands at the root because the Wails CLI compiles the package
// beside wails.json and takes no other place; the program itself is package
// app.
package main

import (
	"qianshao/app"
	"qianshao/frontend"
)

func main() { app.Main(frontend.Dist()) }
