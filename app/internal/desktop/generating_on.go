//go:build bindings

package desktop

// Generating says that this build only writes the page's TypeScript bindings
// to frontend/src/wailsjs and ends: no profile, no database, no window.
const Generating = true
