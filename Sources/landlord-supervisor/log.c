#include "log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROUND_LIMIT = 8, LINE_PATIENCE = 65536, NAME_DIGITS = 20 };

static void file_name(char *name, size_t size, uint64_t start) { snprintf(name, size, "log.%020" PRIu64, start); }

/// Looks at the log files that exist: how many, and where the oldest and the newest begin. False when there is none.
static bool survey(long *count, uint64_t *oldest, uint64_t *newest) {
    *count = 0;
    DIR *directory = opendir(".");
    if (directory == NULL) return false;
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        if (strncmp(entry->d_name, "log.", 4) != 0 || strlen(entry->d_name) != 4 + NAME_DIGITS) continue;
        char *end;
        uint64_t start = strtoull(entry->d_name + 4, &end, 10);
        if (*end != '\0') continue;
        if (*count == 0 || start < *oldest) *oldest = start;
        if (*count == 0 || start > *newest) *newest = start;
        (*count)++;
    }
    closedir(directory);
    return *count > 0;
}

static void open_current(struct log *log) {
    char name[32];
    struct stat status;
    file_name(name, sizeof name, log->start);
    log->fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    log->size = log->fd >= 0 && fstat(log->fd, &status) == 0 ? (uint64_t)status.st_size : 0;
    log->ends_line = true;
}

void log_open(struct log *log, long size_limit, long old_file_limit) {
    *log = (struct log){.fd = -1, .size_limit = (uint64_t)size_limit, .old_file_limit = old_file_limit};
    long count;
    uint64_t oldest;
    if (!survey(&count, &oldest, &log->start)) log->start = 0;
    open_current(log);
}

static void rotate(struct log *log) {
    close(log->fd);
    log->start += log->size;
    open_current(log);
    long count;
    uint64_t oldest, newest;
    while (survey(&count, &oldest, &newest) && count > log->old_file_limit + 1) {
        char name[32];
        file_name(name, sizeof name, oldest);
        if (unlink(name) != 0) return;
    }
}

/// How much of the bytes belongs into the current file: up to the end of the first line that reaches the limit.
static size_t share_of_current_file(const struct log *log, const char *bytes, size_t length) {
    uint64_t room = log->size >= log->size_limit ? 0 : log->size_limit - log->size;
    if (log->size_limit == 0 || length <= room) return length;
    size_t from = room == 0 ? 0 : (size_t)room - 1;
    const char *line_end = memchr(bytes + from, '\n', length - from);
    return line_end == NULL ? length : (size_t)(line_end - bytes) + 1;
}

static void append(struct log *log, const char *bytes, size_t length) {
    while (length > 0) {
        if (log->fd < 0) open_current(log);
        bool is_full = log->fd >= 0 && log->size_limit > 0 && log->size >= log->size_limit;
        if (is_full && (log->ends_line || log->size >= log->size_limit + LINE_PATIENCE)) rotate(log);
        size_t share = share_of_current_file(log, bytes, length);
        ssize_t written = log->fd < 0 ? -1 : write(log->fd, bytes, share);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            // A full disk must not stop the tenant: the output is lost, and the state says how much.
            log->bytes_dropped += length;
            return;
        }
        log->size += (uint64_t)written;
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
