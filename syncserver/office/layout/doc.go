// Package layout sets a paper on pages after GB/T 9704: it takes the elements
// (公文要素), the blocks of the body and a 版式模板 and answers pages of placed
// characters, lines, pictures and places (for seals and for what is not known
// yet), each with the element it belongs to.
//
// The window, the PDF and every later writer draw these pages and decide
// nothing themselves, so a paper looks the same everywhere. All lengths are
// millimetres from the top left corner of the page. The package holds no fonts
// and no files; line breaks depend on [Metrics] alone, and with [Nominal] on no
// font at all: a desk with substitutes breaks the lines where the server does.
//
// Decisions that the standard leaves open, each in one place:
//
//   - A line holds 28 characters at the pitch of the grid; Latin letters and
//     digits take half a cell each, as in the official faces.
//   - 避头尾: a closing mark never begins a line and an opening mark never ends
//     one. A mark that would begin the next line is pulled in: at the end of a
//     line it takes half a cell, other marks of the line may give up to half a
//     cell each, the characters up to 3 % of their pitch. Where that is not
//     enough, a character goes to the next line with it. Nothing hangs outside
//     the 版心. See linebreak.go.
//   - Numbers with their unit, 文号, Latin words and 第…号 are never torn, nor
//     the terms named in [Options].Protect. See tie.go.
//   - 正文 stands on the first page and on the page of the seal (L16). See
//     paginate.go.
package layout
