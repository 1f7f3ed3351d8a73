#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cprocess.h"

static int set_lock(int file, short type) {
    // Of the open file description (OFD): the older kind is dropped when any descriptor of the file is closed, and
    // SQLite's own locks live beside ours in this process.
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
    for (;;) {
        if (fcntl(file, F_OFD_SETLK, &lock) == 0) return 0;
        if (errno == EACCES) return EAGAIN;
        if (errno != EINTR) return errno;
    }
}

int cp_lock_exclusive(int file) { return set_lock(file, F_WRLCK); }

int cp_lock_release(int file) { return set_lock(file, F_UNLCK); }

int cp_lock_test(int file) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(file, F_OFD_GETLK, &lock) != 0) return errno;
    return lock.l_type == F_UNLCK ? 0 : EAGAIN;
}

int cp_watch_open(const char *path, enum cp_watch what) {
    int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watch < 0) return -errno;
    uint32_t mask = IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM;
    if (what == CP_WATCH_CONTENT) mask = IN_MODIFY | IN_MOVE_SELF | IN_DELETE_SELF;
    if (what == CP_WATCH_GROWTH) mask |= IN_MODIFY;
    if (inotify_add_watch(watch, path, mask) >= 0) return watch;
    int error = errno;
    close(watch);
    return -error;
}

int cp_watch_drain(int watch) {
    _Alignas(struct inotify_event) char buffer[4096];
    int count = 0;
    ssize_t length;
    while ((length = read(watch, buffer, sizeof buffer)) > 0)
        for (char *next = buffer; next < buffer + length;) {
            next += sizeof(struct inotify_event) + ((struct inotify_event *)next)->len;
            count++;
        }
    return count;
}
