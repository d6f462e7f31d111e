/* Lets calls that write below a directory fail, or ends the process at one of them. Preloaded (LD_PRELOAD). */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT, FAIL, FULL, STOP, TEAR };

static char under[4096];
static long at, calls;
static int how;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* From now on, at call number n below the directory: count only, fail once (EIO), have no room from there on (ENOSPC),
   stop before it (SIGKILL), or stop in the middle of it. */
void faults_arm(const char *directory, long n, int mode) {
    pthread_mutex_lock(&lock);
    strncpy(under, directory, sizeof under - 1);
    at = n, how = mode, calls = 0;
    pthread_mutex_unlock(&lock);
}

long faults_calls(void) { return calls; }

static int is_under(const char *path) { return under[0] && strncmp(path, under, strlen(under)) == 0; }

static int fd_is_under(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_under(path);
}

/* The errno that a call must fail with, 0 to let it through; *tear says that it must be done by half. */
static int verdict(int writes, int *tear) {
    pthread_mutex_lock(&lock);
    long number = ++calls;
    int mode = how;
    pthread_mutex_unlock(&lock);
    *tear = 0;
    if (number == at && mode == STOP) kill(getpid(), SIGKILL);
    if (number == at && mode == TEAR) {
        if (!writes) kill(getpid(), SIGKILL);
        *tear = 1;
    }
    if (number == at && mode == FAIL) return EIO;
    if (number >= at && mode == FULL && writes) return ENOSPC;
    return 0;
}

#define NEXT(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define WRITES(fd, done_by_half) \
    if (fd_is_under(fd)) { \
        int tear, error = verdict(1, &tear); \
        if (tear) { done_by_half; kill(getpid(), SIGKILL); } \
        if (error) { errno = error; return -1; } \
    }

#define FORCES(condition) \
    if (condition) { \
        int tear, error = verdict(0, &tear); \
        if (error) { errno = error; return -1; } \
    }

ssize_t write(int fd, const void *data, size_t size) {
    NEXT(write);
    WRITES(fd, real(fd, data, size / 2));
    return real(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t place) {
    NEXT(pwrite);
    WRITES(fd, real(fd, data, size / 2, place));
    return real(fd, data, size, place);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t place) {
    NEXT(pwrite64);
    WRITES(fd, real(fd, data, size / 2, place));
    return real(fd, data, size, place);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    NEXT(writev);
    WRITES(fd, real(fd, parts, (count + 1) / 2));
    return real(fd, parts, count);
}

size_t fwrite(const void *data, size_t size, size_t count, FILE *file) {
    NEXT(fwrite);
    if (fd_is_under(fileno(file))) {
        int tear, error = verdict(1, &tear);
        if (tear) { real(data, size, count / 2, file); fflush(file); kill(getpid(), SIGKILL); }
        if (error) { errno = error; return 0; }
    }
    return real(data, size, count, file);
}

int ftruncate(int fd, off_t size) {
    NEXT(ftruncate);
    WRITES(fd, (void)0);
    return real(fd, size);
}

int ftruncate64(int fd, off64_t size) {
    NEXT(ftruncate64);
    WRITES(fd, (void)0);
    return real(fd, size);
}

int fsync(int fd) {
    NEXT(fsync);
    FORCES(fd_is_under(fd));
    return real(fd);
}

int fdatasync(int fd) {
    NEXT(fdatasync);
    FORCES(fd_is_under(fd));
    return real(fd);
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    FORCES(is_under(to));
    return real(from, to);
}

int renameat(int from_fd, const char *from, int to_fd, const char *to) {
    NEXT(renameat);
    FORCES(is_under(to));
    return real(from_fd, from, to_fd, to);
}
