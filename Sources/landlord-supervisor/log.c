#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROUND_LIMIT = 8, LINE_PATIENCE = 65536 };

static void reopen(struct log *log) {
    struct stat status;
    log->fd = open("log", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    log->size = log->fd >= 0 && fstat(log->fd, &status) == 0 ? status.st_size : 0;
    log->ends_line = true;
}

void log_open(struct log *log, long size_limit, long old_file_limit) {
    *log = (struct log){.fd = -1, .size_limit = size_limit, .old_file_limit = old_file_limit};
    reopen(log);
}

static void rotate(struct log *log) {
    char from[32], to[32];
    if (log->old_file_limit <= 0) {
        if (ftruncate(log->fd, 0) == 0) log->size = 0;
        return;
    }
    for (long i = log->old_file_limit - 1; i >= 1; i--) {
        snprintf(from, sizeof from, "log.%ld", i);
        snprintf(to, sizeof to, "log.%ld", i + 1);
        rename(from, to);
    }
    rename("log", "log.1");
    close(log->fd);
    reopen(log);
}

static void append(struct log *log, const char *bytes, size_t length) {
    if (log->fd < 0) reopen(log);
    bool is_due = log->size_limit > 0 && log->size >= log->size_limit;
    if (log->fd >= 0 && is_due && (log->ends_line || log->size >= log->size_limit + LINE_PATIENCE)) rotate(log);
    while (length > 0) {
        ssize_t written = log->fd < 0 ? -1 : write(log->fd, bytes, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            // A full disk must not stop the tenant: the output is lost, and the state says how much.
            log->bytes_dropped += length;
            return;
        }
        log->size += written;
        log->ends_line = bytes[written - 1] == '\n';
        bytes += written;
        length -= (size_t)written;
    }
}

bool log_pump(struct log *log, int pipe) {
    static char buffer[16384];
    for (int round = 0; round < ROUND_LIMIT; round++) {
        ssize_t length = read(pipe, buffer, sizeof buffer);
        if (length == 0) return false;
        if (length < 0) return errno == EAGAIN || errno == EINTR;
        append(log, buffer, (size_t)length);
    }
    return true;
}
