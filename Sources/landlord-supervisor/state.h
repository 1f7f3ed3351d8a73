#ifndef LANDLORD_SUPERVISOR_STATE_H
#define LANDLORD_SUPERVISOR_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// Where the supervised process stands.
///
///     waiting -> running <-> backing_off
///                running | backing_off -> stopping -> stopped
///                running -> stopped (ended well, no restart wanted) | failed (ended badly, or could not be started)
enum phase { PHASE_WAITING, PHASE_RUNNING, PHASE_BACKING_OFF, PHASE_STOPPING, PHASE_STOPPED, PHASE_FAILED };

/// Whether a resource limit that was asked for is in force.
enum enforcement { LIMIT_NOT_ASKED, LIMIT_ENFORCED, LIMIT_NOT_ENFORCED };

/// Everything the engine can learn about this container without asking.
struct state {
    pid_t supervisor_pid;
    uint64_t supervisor_start;
    char boot_id[64];
    enum phase phase;
    pid_t child_pid;  // 0 when there is none. The last one's stays as session_id, for the search for strays.
    uint64_t child_start;
    pid_t session_id;
    uint64_t session_start;
    long restarts;
    bool has_exited;
    int exit_code;    // -1 when a signal ended it.
    int exit_signal;  // 0 when it exited.
    int64_t exited_at_ms;
    int64_t started_at_ms;
    int spawn_errno;  // 0 when the last start worked.
    const char *spawn_step;
    enum enforcement memory_limit;
    enum enforcement cpu_limit;
    char cgroup_paths[3][512];  // The groups that hold the processes: unified, memory, cpu. Empty where there is none.
    uint64_t log_bytes_dropped;
    bool is_saved;  // False when the last save failed, so that it is tried again.
};

/// Writes the state to DIR/state so that a reader sees the old file or the new one, never a half. The working directory
/// must be DIR. A failure (disk full) is remembered in `is_saved`.
void state_save(struct state *state);

/// Milliseconds since 1970.
int64_t wall_clock_ms(void);

/// Milliseconds of a clock that never jumps.
int64_t steady_clock_ms(void);

#endif
