#ifndef LANDLORD_SUPERVISOR_LOG_H
#define LANDLORD_SUPERVISOR_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// The container's output, in files DIR/log.N, where N is the number of bytes that were written before the file began,
/// with leading zeros.
///
/// Named so, the files need no renaming when one is full, a reader's position survives that, and whoever lists the
/// directory knows at once which file holds which byte.
struct log {
    int fd;
    uint64_t start;  // The N of the current file.
    uint64_t size;   // The bytes in the current file.
    uint64_t size_limit;
    long old_file_limit;
    bool ends_line;  // Rotation waits for the end of a line, within reason.
    uint64_t bytes_dropped;
};

/// Continues the newest file. The working directory must be DIR.
void log_open(struct log *log, long size_limit, long old_file_limit);

/// Copies what a pipe holds into the log, a bounded amount at a time so that a chatty process cannot starve the
/// supervisor's other duties. Returns false at the end of the pipe.
bool log_pump(struct log *log, int pipe);

#endif
