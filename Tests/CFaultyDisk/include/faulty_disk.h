#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

#include <stddef.h>
#include <stdint.h>

/// A disk below SQLite that remembers what was written and what was synced, and that fails when told.
///
/// It is a layer (a "VFS") over the system's own, and becomes the default one of the process. Files outside the watched
/// directory pass through it untouched.

/// What happened to a watched file, in the order in which it happened.
enum fd_kind { FD_WRITE = 1, FD_TRUNCATE, FD_SYNC, FD_DELETE, FD_MARK };

typedef struct {
    int32_t kind;
    /// Which file; see `fd_file_name`.
    int32_t file;
    /// Where a write begins, how long a truncated file is, or which number a mark has.
    int64_t offset;
    int64_t length;
    const uint8_t *bytes;
} fd_event;

/// Makes the layer the process's default. Doing it again does nothing.
int fd_install(void);

/// Begins to remember what happens to files in `directory`, with an empty log.
void fd_watch(const char *directory);
/// Forgets everything and lets all files pass.
void fd_release(void);
/// Adds a mark to the log: what the test knows to be durable by now.
void fd_mark(int64_t number);

size_t fd_event_count(void);
fd_event fd_event_at(size_t index);
int32_t fd_file_count(void);
/// The last part of a file's path.
const char *fd_file_name(int32_t file);

/// What can be made to fail.
enum fd_fault { FD_FAIL_NOTHING = 0, FD_FAIL_SYNC, FD_FAIL_WRITE, FD_FAIL_FULL };

/// Makes the operation after `passes` further ones of its kind fail, and all that follow it until `fd_heal`.
void fd_fail(enum fd_fault fault, int64_t passes);
void fd_heal(void);

#endif
