/* Keeps, for each file, the copy that a disk would still hold after a power cut. It can also say that the disk is full.

   Only what a program has synchronised is sure to be on the disk. So each fsync and fdatasync copies the whole file into
   the folder $ON_DISK, under its own name; everything else counts as lost. Loaded with LD_PRELOAD. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void keep(int fd) {
    char link[64], path[PATH_MAX], kept[PATH_MAX * 2], fresh[PATH_MAX * 2 + 8], bytes[65536];
    const char *folder = getenv("ON_DISK");
    struct stat kind;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (!folder || length <= 0 || fstat(fd, &kind) || !S_ISREG(kind.st_mode)) return;
    path[length] = 0;
    snprintf(kept, sizeof kept, "%s/%s", folder, strrchr(path, '/') + 1);
    snprintf(fresh, sizeof fresh, "%s.fresh", kept);
    int to = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    off_t at = 0; /* by the same descriptor: closing another one would drop SQLite's locks */
    for (ssize_t got; (got = pread(fd, bytes, sizeof bytes, at)) > 0; at += got)
        if (write(to, bytes, got) != got) abort();
    close(to);
    rename(fresh, kept); /* a cut in the middle of this leaves the copy of before */
}

int unlink(const char *path) { /* SQLite synchronises the folder afterwards; an old journal would undo what followed */
    char kept[PATH_MAX * 2];
    const char *folder = getenv("ON_DISK"), *name = strrchr(path, '/');
    snprintf(kept, sizeof kept, "%s/%s", folder ? folder : "", name ? name + 1 : path);
    if (folder) unlinkat(AT_FDCWD, kept, 0);
    return unlinkat(AT_FDCWD, path, 0);
}

int fsync(int fd) { keep(fd); return 0; }
int fdatasync(int fd) { keep(fd); return 0; }

int disk_is_full; /* while a test sets this, no file grows */

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { /* SQLite writes with nothing else */
    struct stat kind;
    if (disk_is_full && !fstat(fd, &kind) && S_ISREG(kind.st_mode) && at + (off64_t)length > kind.st_size) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, bytes, length, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return pwrite64(fd, bytes, length, at); }
