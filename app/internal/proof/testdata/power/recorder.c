/* Records what a program writes below a folder, in order, for the test of power
 * cuts: LD_PRELOAD it with QS_RECORD_ROOT (the folder) and QS_RECORD_LOG.
 *
 * A record: op (1), length of the path (2), path, offset (8), length (8), data.
 * Ops: W write, T truncate to offset, S sync of file or folder, U unlink,
 * R rename (data is the new path). Numbers are of this machine's byte order. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 65536
static char *names[FILES];
static int out = -1;
static char root[PATH_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void start(void) {
  const char *r = getenv("QS_RECORD_ROOT"), *l = getenv("QS_RECORD_LOG");
  if (!r || !l || !realpath(r, root)) return;
  out = syscall(SYS_openat, AT_FDCWD, l, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int below(const char *path) {
  size_t n = strlen(root);
  return out >= 0 && n && !strncmp(path, root, n) && (path[n] == '/' || !path[n]);
}

static void record(char op, const char *path, uint64_t off, const void *data, uint64_t n) {
  uint16_t len = strlen(path);
  struct iovec v[6] = {{&op, 1}, {&len, 2}, {(void *)path, len}, {&off, 8}, {&n, 8}, {(void *)data, data ? n : 0}};
  if (syscall(SYS_writev, out, v, 6) < 0) _exit(99);
}

static const char *name(int fd) { return fd >= 0 && fd < FILES ? names[fd] : NULL; }

static int opened(int fd, const char *path, int flags) {
  char full[PATH_MAX];
  if (fd < 0 || fd >= FILES || out < 0) return fd;
  pthread_mutex_lock(&lock);
  free(names[fd]);
  names[fd] = NULL;
  if (realpath(path, full) && below(full)) {
    names[fd] = strdup(full);
    if (flags & O_TRUNC) record('T', full, 0, NULL, 0);
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

#define REAL(type, fn, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, fn)

#define OPEN(fn) \
  int fn(const char *path, int flags, ...) { \
    REAL(int, #fn, const char *, int, ...); \
    va_list a; \
    va_start(a, flags); \
    int mode = va_arg(a, int); \
    va_end(a); \
    return opened(real(path, flags, mode), path, flags); \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  REAL(int, "close", int);
  pthread_mutex_lock(&lock);
  if (fd >= 0 && fd < FILES) {
    free(names[fd]);
    names[fd] = NULL;
  }
  int r = real(fd);
  pthread_mutex_unlock(&lock);
  return r;
}

#define PWRITE(fn) \
  ssize_t fn(int fd, const void *b, size_t n, off64_t off) { \
    REAL(ssize_t, #fn, int, const void *, size_t, off64_t); \
    if (!name(fd)) return real(fd, b, n, off); \
    pthread_mutex_lock(&lock); \
    ssize_t k = real(fd, b, n, off); \
    if (k > 0) record('W', name(fd), off, b, k); \
    pthread_mutex_unlock(&lock); \
    return k; \
  }
PWRITE(pwrite64)
PWRITE(pwrite)

ssize_t write(int fd, const void *b, size_t n) {
  REAL(ssize_t, "write", int, const void *, size_t);
  if (!name(fd)) return real(fd, b, n);
  pthread_mutex_lock(&lock);
  off64_t at = lseek64(fd, 0, SEEK_CUR);
  ssize_t k = real(fd, b, n);
  if (k > 0) record('W', name(fd), at, b, k);
  pthread_mutex_unlock(&lock);
  return k;
}

#define TRUNCATE(fn) \
  int fn(int fd, off64_t size) { \
    REAL(int, #fn, int, off64_t); \
    pthread_mutex_lock(&lock); \
    int r = real(fd, size); \
    if (!r && name(fd)) record('T', name(fd), size, NULL, 0); \
    pthread_mutex_unlock(&lock); \
    return r; \
  }
TRUNCATE(ftruncate64)
TRUNCATE(ftruncate)

#define SYNC(fn) \
  int fn(int fd) { \
    REAL(int, #fn, int); \
    pthread_mutex_lock(&lock); \
    int r = real(fd); \
    if (!r && name(fd)) record('S', name(fd), 0, NULL, 0); \
    pthread_mutex_unlock(&lock); \
    return r; \
  }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  char full[PATH_MAX];
  int ours = realpath(path, full) && below(full);
  pthread_mutex_lock(&lock);
  int r = real(path);
  if (!r && ours) record('U', full, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return r;
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  char a[PATH_MAX], b[PATH_MAX];
  int ours = realpath(from, a) && below(a);
  pthread_mutex_lock(&lock);
  int r = real(from, to);
  if (!r && ours && realpath(to, b)) record('R', a, 0, b, strlen(b));
  pthread_mutex_unlock(&lock);
  return r;
}
