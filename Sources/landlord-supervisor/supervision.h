#ifndef LANDLORD_SUPERVISOR_SUPERVISION_H
#define LANDLORD_SUPERVISOR_SUPERVISION_H

#include "cgroup.h"
#include "log.h"
#include "options.h"
#include "state.h"

/// One container: what it runs, how it stands, and what must be done next.
struct supervision {
    const struct options *options;
    struct state *state;
    struct cgroup cgroup;
    struct log log;
    int signals;           // A signalfd.
    int output;            // The running process's output, or -1.
    long failures;         // Starts in a row that did not live for `backoff_reset_ms`.
    int64_t started_at;    // Steady clock.
    int64_t restart_at;    // Steady clock; meaningful while backing off.
    int64_t kill_at;       // Steady clock; meaningful while stopping.
    bool is_stop_asked;    // SIGTERM came.
    bool is_kill_asked;    // SIGQUIT came: no grace.
    bool is_over;
};

/// Runs the container until it is stopped or has ended for good.
void supervise(struct supervision *supervision);

#endif
