#ifndef LANDLORD_SUPERVISOR_OPTIONS_H
#define LANDLORD_SUPERVISOR_OPTIONS_H

#include <stddef.h>

/// What becomes of a process that has ended.
enum restart_policy { RESTART_ALWAYS, RESTART_ON_FAILURE, RESTART_NEVER };

/// What the engine asks this supervisor to run.
///
/// The options arrive over the control socket and live in memory only: the environment may hold secrets, so it is never
/// written to a file.
struct options {
    char **arguments;    // NULL-terminated; the first names the program.
    char **environment;  // NULL-terminated "NAME=value"; exactly what the program sees.
    char *directory;     // Working directory of the program.
    enum restart_policy restart;
    long backoff_initial_ms;
    long backoff_max_ms;
    long backoff_reset_ms;  // A process that lived this long counts as healthy: the next back-off starts afresh.
    long restart_limit;     // Restarts in a row before giving up; 0 means no limit.
    long grace_ms;          // Between SIGTERM and SIGKILL.
    long log_bytes;         // A log file is rotated when it has grown beyond this.
    long log_files;         // How many old log files are kept.
    long memory_bytes;      // 0 means no limit.
    long cpu_millicores;    // 0 means no limit.
};

/// Reads options from a block of NUL-terminated "key=value" strings. The strings stay in the block, which must outlive
/// the options. Returns 0, or -1 when a key is unknown, a number is bad, or something required is missing.
int options_parse(char *block, size_t length, struct options *options);

#endif
