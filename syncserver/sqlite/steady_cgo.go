//go:build cgo

package sqlite

/*
// Of sqlite3.h, which lies inside the driver. The numbers are part of SQLite's
// interface and never change.
typedef struct sqlite3 sqlite3;
extern int sqlite3_config(int op, ...);
extern int sqlite3_db_config(sqlite3 *db, int op, ...);
extern int sqlite3_auto_extension(void (*entry)(void));

enum { configMemstatus = 9, dbconfigEnableQPSG = 1007 };

// steady is called for each connection that is opened.
static int steady(sqlite3 *db, const char **err, const void *api) {
  int on = 0;
  (void)err;
  (void)api;
  return sqlite3_db_config(db, dbconfigEnableQPSG, 1, &on);
}

static int set(void) {
  int rc = sqlite3_config(configMemstatus, 0);
  if (rc != 0) {
    return rc;
  }
  return sqlite3_auto_extension((void (*)(void))steady);
}
*/
import "C"

import "fmt"

func init() {
	if rc := C.set(); rc != 0 {
		panic(fmt.Sprintf("sqlite: set: %d", rc))
	}
}
