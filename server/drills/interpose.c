/*
 * Stands between SQLite and the system on Linux (LD_PRELOAD): lets the n-th write or fsync of the
 * database or its WAL fail, and notes up to where the WAL is known to be on the disk. It is steered
 * through a small file that both sides map; without LIPIA_DRILL_CONTROL it does nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The order of the numbers in the control file; interposer.ts names the same ones. */
struct control {
  int64_t kind;        /* 0 nothing, 1 writes fail, 2 fsyncs fail, 3 a write is cut, then writes fail */
  int64_t countdown;   /* how many matching calls still pass */
  int64_t times;       /* how many fail in a row after that */
  int64_t error;       /* errno */
  int64_t hits;        /* calls that failed */
  int64_t generation;  /* how often the WAL began anew */
  int64_t written_end; /* of the WAL */
  int64_t synced_end;  /* of the WAL, as far as an fsync has returned */
};

enum { OTHER = 0, DATABASE = 1, WAL = 2 };
#define FDS 4096

static struct control *ctl;
static unsigned char class_of[FDS];

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_close)(int);
static int (*real_open)(const char *, int, ...);

__attribute__((constructor)) static void begin(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_close = dlsym(RTLD_NEXT, "close");
  real_open = dlsym(RTLD_NEXT, "open64");
  const char *path = getenv("LIPIA_DRILL_CONTROL");
  if (!path) return;
  int fd = real_open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *map = mmap(0, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  real_close(fd);
  if (map != MAP_FAILED) ctl = map;
}

static int ends_with(const char *text, const char *end) {
  size_t a = strlen(text), b = strlen(end);
  return a >= b && strcmp(text + a - b, end) == 0;
}

static int opened(int fd, const char *path) {
  if (fd >= 0 && fd < FDS)
    class_of[fd] = ends_with(path, ".db") ? DATABASE : ends_with(path, ".db-wal") ? WAL : OTHER;
  return fd;
}

#define MODE(flags)                          \
  mode_t mode = 0;                           \
  if (flags & (O_CREAT | __O_TMPFILE)) {     \
    va_list rest;                            \
    va_start(rest, flags);                   \
    mode = va_arg(rest, mode_t);             \
    va_end(rest);                            \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return opened(real_open(path, flags, mode), path);
}

int open64(const char *path, int flags, ...) {
  MODE(flags)
  return opened(real_open(path, flags, mode), path);
}

int close(int fd) {
  if (fd >= 0 && fd < FDS) class_of[fd] = OTHER;
  return real_close(fd);
}

static int watched(int fd) {
  return ctl && fd >= 0 && fd < FDS ? class_of[fd] : OTHER;
}

/* Whether this call is one of those that fail. */
static int fails(void) {
  if (ctl->countdown > 0) {
    ctl->countdown--;
    return 0;
  }
  if (ctl->times <= 0) return 0;
  ctl->times--;
  ctl->hits++;
  return 1;
}

static void wrote(int fd, off_t at, ssize_t length) {
  if (class_of[fd] != WAL || length <= 0) return;
  if (at == 0) {
    ctl->generation++;
    ctl->synced_end = 0;
    ctl->written_end = 0;
  }
  if (at + length > ctl->written_end) ctl->written_end = at + length;
}

/* Length to write really, or -1 to fail. */
static ssize_t allowed(size_t length) {
  if (ctl->kind != 1 && ctl->kind != 3) return length;
  if (!fails()) return length;
  if (ctl->kind == 3 && length > 1) {
    ctl->kind = 1;
    return length / 2;
  }
  errno = (int)ctl->error;
  return -1;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (!watched(fd)) return real_write(fd, bytes, length);
  ssize_t much = allowed(length);
  if (much < 0) return -1;
  off_t at = lseek(fd, 0, SEEK_CUR);
  ssize_t done = real_write(fd, bytes, much);
  wrote(fd, at, done);
  return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) {
  if (!watched(fd)) return real_pwrite(fd, bytes, length, at);
  ssize_t much = allowed(length);
  if (much < 0) return -1;
  ssize_t done = real_pwrite(fd, bytes, much, at);
  wrote(fd, at, done);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  return pwrite64(fd, bytes, length, at);
}

static int flushed(int fd, int (*real)(int)) {
  int what = watched(fd);
  if (!what) return real(fd);
  int64_t generation = ctl->generation, end = ctl->written_end;
  if (ctl->kind == 2 && fails()) {
    errno = (int)ctl->error;
    return -1;
  }
  int done = real(fd);
  if (done == 0 && what == WAL && generation == ctl->generation) ctl->synced_end = end;
  return done;
}

int fsync(int fd) {
  return flushed(fd, real_fsync);
}

int fdatasync(int fd) {
  return flushed(fd, real_fdatasync);
}
