#ifndef LANDLORD_SUPERVISOR_LOG_H
#define LANDLORD_SUPERVISOR_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// The container's output: DIR/log and the older DIR/log.1, log.2 and so on.
struct log {
    int fd;
    off_t size;
    off_t size_limit;
    long old_file_limit;
    bool ends_line;  // Rotation waits for the end of a line, within reason.
    uint64_t bytes_dropped;
};

/// Opens DIR/log for appending. The working directory must be DIR.
void log_open(struct log *log, long size_limit, long old_file_limit);

/// Copies what a pipe holds into the log, a bounded amount at a time so that a chatty process cannot starve the
/// supervisor's other duties. Returns false at the end of the pipe.
bool log_pump(struct log *log, int pipe);

#endif
