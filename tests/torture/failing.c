/* Preloaded: lets the n-th write, sync or rename of the process fail, once or from then on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

static long counted, wanted, lasting;
static int reason;

void failing_arm(long number, int error, int stay) { counted = 0; reason = error; lasting = stay; wanted = number; }
long failing_disarm(void) { wanted = 0; return counted; }

static int fails(int file) {
    if (!wanted || (file >= 0 && file <= 2)) return 0;
    counted++;
    if (counted == wanted || (lasting && counted > wanted)) { errno = reason; return 1; }
    return 0;
}

#define REAL(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *from, size_t size) { return fails(file) ? -1 : REAL(write)(file, from, size); }
ssize_t pwrite(int file, const void *from, size_t size, off_t at) { return fails(file) ? -1 : REAL(pwrite)(file, from, size, at); }
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) { return fails(file) ? -1 : REAL(pwrite64)(file, from, size, at); }
int fsync(int file) { return fails(file) ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return fails(file) ? -1 : REAL(fdatasync)(file); }
int ftruncate(int file, off_t size) { return fails(file) ? -1 : REAL(ftruncate)(file, size); }
int ftruncate64(int file, off64_t size) { return fails(file) ? -1 : REAL(ftruncate64)(file, size); }
int rename(const char *from, const char *to) { return fails(-1) ? -1 : REAL(rename)(from, to); }
