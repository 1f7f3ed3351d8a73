#ifndef LANDLORD_SUPERVISOR_CHILD_H
#define LANDLORD_SUPERVISOR_CHILD_H

#include <sys/types.h>

#include "cgroup.h"
#include "options.h"

/// What starting a process came to.
struct start_result {
    pid_t pid;              // 0 when it could not be started.
    int output;             // The read end of its standard output and error, non-blocking; -1 when not started.
    int error;              // Why it could not be started, as an error number.
    const char *step;       // Which step that was.
    int cgroup_error;       // The process runs, but outside its control groups.
};

/// Starts the program in a session of its own and returns once it runs or is known not to.
struct start_result child_start(const struct options *options, const struct cgroup *cgroup);

#endif
