#include "state.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *phase_name(enum phase phase) {
    switch (phase) {
        case PHASE_WAITING: return "waiting";
        case PHASE_RUNNING: return "running";
        case PHASE_BACKING_OFF: return "backing_off";
        case PHASE_STOPPING: return "stopping";
        case PHASE_STOPPED: return "stopped";
        case PHASE_FAILED: return "failed";
    }
    return "failed";
}

static const char *enforcement_name(enum enforcement enforcement) {
    switch (enforcement) {
        case LIMIT_NOT_ASKED: return "none";
        case LIMIT_ENFORCED: return "enforced";
        case LIMIT_NOT_ENFORCED: return "not_enforced";
    }
    return "none";
}

static int64_t clock_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t wall_clock_ms(void) { return clock_ms(CLOCK_REALTIME); }

int64_t steady_clock_ms(void) { return clock_ms(CLOCK_MONOTONIC); }

static int write_whole(int fd, const char *text, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, text, length);
        if (written <= 0) return -1;
        text += written;
        length -= (size_t)written;
    }
    return 0;
}

void state_save(struct state *state) {
    char text[4096];
    int length = snprintf(
        text, sizeof text,
        "version=1\nsupervisor_pid=%d\nsupervisor_start=%" PRIu64 "\nboot_id=%s\nphase=%s\n"
        "child_pid=%d\nchild_start=%" PRIu64 "\nsession_id=%d\nsession_start=%" PRIu64 "\nrestarts=%ld\n"
        "started_at_ms=%" PRId64 "\nmemory_limit=%s\ncpu_limit=%s\nlog_bytes_dropped=%" PRIu64 "\n",
        state->supervisor_pid, state->supervisor_start, state->boot_id, phase_name(state->phase), state->child_pid,
        state->child_start, state->session_id, state->session_start, state->restarts, state->started_at_ms,
        enforcement_name(state->memory_limit), enforcement_name(state->cpu_limit), state->log_bytes_dropped);
    const char *const cgroup_names[] = {"cgroup", "cgroup_memory", "cgroup_cpu"};
    for (int i = 0; i < 3; i++)
        if (state->cgroup_paths[i][0] != '\0')
            length += snprintf(
                text + length, sizeof text - (size_t)length, "%s=%s\n", cgroup_names[i], state->cgroup_paths[i]);
    if (state->has_exited)
        length += snprintf(
            text + length, sizeof text - (size_t)length, "%s=%d\nexited_at_ms=%" PRId64 "\n",
            state->exit_signal != 0 ? "exit_signal" : "exit_code",
            state->exit_signal != 0 ? state->exit_signal : state->exit_code, state->exited_at_ms);
    if (state->spawn_errno != 0)
        length += snprintf(
            text + length, sizeof text - (size_t)length, "spawn_errno=%d\nspawn_step=%s\nspawn_error=%s\n",
            state->spawn_errno, state->spawn_step, strerror(state->spawn_errno));
    // The last line proves that the file is whole to a reader of a crashed machine's disk.
    length += snprintf(text + length, sizeof text - (size_t)length, "end=1\n");

    state->is_saved = false;
    int fd = open("state.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return;
    int failed = write_whole(fd, text, (size_t)length);
    if (close(fd) != 0 || failed != 0) return;
    state->is_saved = rename("state.new", "state") == 0;
}
