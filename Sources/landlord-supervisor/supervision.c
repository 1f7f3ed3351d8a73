#include "supervision.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "processes.h"

// One loop and no threads: it waits for a signal, for output, or for the next deadline, and each makes at most one step
// in the phases that state.h draws. A step that changes what the engine can see ends by saving the state.

enum { SAVE_AGAIN_MS = 1000, GROUP_CHECK_MS = 50, CLEANING_LIMIT_MS = 5000, CLEANING_ROUND_MS = 5 };

static void finish(struct supervision *self, enum phase phase) {
    cgroup_remove(&self->cgroup);
    self->state->phase = phase;
    self->state->child_pid = 0;
    self->is_over = true;
    state_save(self->state);
}

static void close_output(struct supervision *self) {
    if (self->output >= 0) close(self->output);
    self->output = -1;
}

/// Copies the output that is there now.
static void pump(struct supervision *self) {
    if (self->output < 0) return;
    if (!log_pump(&self->log, self->output)) close_output(self);
    self->state->log_bytes_dropped = self->log.bytes_dropped;
}

static void record_exit(struct supervision *self, int status) {
    struct state *state = self->state;
    state->has_exited = true;
    state->exit_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    state->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    state->exited_at_ms = wall_clock_ms();
    state->child_pid = 0;
}

/// Reaps every dead child, adopted ones too. Returns true when the container's own process was among them.
static bool reap(struct supervision *self, bool *has_children) {
    bool was_main = false;
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != self->state->child_pid) continue;
        record_exit(self, status);
        was_main = true;
    }
    *has_children = pid == 0;
    return was_main;
}

/// Takes the queued signals off the descriptor and remembers what they ask for; the loop acts on it.
static void hear_signals(struct supervision *self) {
    struct signalfd_siginfo info;
    while (read(self->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGTERM) self->is_stop_asked = true;
        if (info.ssi_signo == SIGQUIT) self->is_kill_asked = true;
    }
}

/// Kills everything that the container ever started, and waits until it is gone.
///
/// As a subreaper this process inherits every descendant whose parent dies, also one that left the session. So killing
/// the children again and again empties the whole tree, with or without control groups.
static void kill_everything(struct supervision *self) {
    int64_t give_up_at = steady_clock_ms() + CLEANING_LIMIT_MS;
    bool has_children = true;
    cgroup_kill(&self->cgroup);
    while (steady_clock_ms() < give_up_at) {
        signal_children(SIGKILL);
        pump(self);
        reap(self, &has_children);
        if (!has_children) break;
        struct pollfd wait = {.fd = self->signals, .events = POLLIN};
        poll(&wait, 1, CLEANING_ROUND_MS);
        hear_signals(self);
    }
    pump(self);
    close_output(self);
}

static void back_off(struct supervision *self) {
    int64_t delay = self->options->backoff_initial_ms;
    for (long i = 1; i < self->failures && delay < self->options->backoff_max_ms; i++) delay *= 2;
    if (delay > self->options->backoff_max_ms) delay = self->options->backoff_max_ms;
    self->restart_at = steady_clock_ms() + delay;
    self->state->phase = PHASE_BACKING_OFF;
    state_save(self->state);
}

/// Decides what follows the end of the process: a restart, or the end of the container.
static void decide_after_end(struct supervision *self, bool ended_well) {
    const struct options *options = self->options;
    bool is_wanted = options->restart == RESTART_ALWAYS || (options->restart == RESTART_ON_FAILURE && !ended_well);
    bool has_given_up = options->restart_limit > 0 && self->failures > options->restart_limit;
    if (is_wanted && !has_given_up) back_off(self);
    else finish(self, ended_well && !has_given_up ? PHASE_STOPPED : PHASE_FAILED);
}

/// Whether trying again can help. A missing program stays missing; a full process table empties.
static bool is_passing(int error) { return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE; }

static void start(struct supervision *self) {
    struct state *state = self->state;
    struct start_result result = child_start(self->options, &self->cgroup);
    state->spawn_errno = result.error;
    state->spawn_step = result.step;
    self->started_at = steady_clock_ms();
    if (result.pid == 0) {
        state->child_pid = 0;
        self->failures++;
        if (is_passing(result.error)) decide_after_end(self, false);
        else finish(self, PHASE_FAILED);
        return;
    }
    if (result.cgroup_error != 0) {
        for (int i = 0; i < 3; i++) state->cgroup_paths[i][0] = '\0';
        if (state->memory_limit == LIMIT_ENFORCED) state->memory_limit = LIMIT_NOT_ENFORCED;
        if (state->cpu_limit == LIMIT_ENFORCED) state->cpu_limit = LIMIT_NOT_ENFORCED;
    }
    self->output = result.output;
    state->child_pid = state->session_id = result.pid;
    state->child_start = state->session_start = process_start_time(result.pid);
    state->started_at_ms = wall_clock_ms();
    state->phase = PHASE_RUNNING;
    state_save(state);
}

static void main_process_ended(struct supervision *self) {
    if (self->state->phase == PHASE_STOPPING) return;
    bool ended_well = self->state->exit_signal == 0 && self->state->exit_code == 0;
    // What it left behind would hold its ports, and has lost the process that it belonged to.
    kill_everything(self);
    if (steady_clock_ms() - self->started_at >= self->options->backoff_reset_ms) self->failures = 0;
    self->failures++;
    decide_after_end(self, ended_well);
}

static void stop(struct supervision *self, long grace_ms) {
    struct state *state = self->state;
    int64_t kill_at = steady_clock_ms() + grace_ms;
    if (state->phase == PHASE_STOPPING) {
        if (kill_at < self->kill_at) self->kill_at = kill_at;
        return;
    }
    bool was_running = state->phase == PHASE_RUNNING;
    self->kill_at = kill_at;
    state->phase = PHASE_STOPPING;
    state_save(state);
    if (!was_running) return;
    kill(-state->session_id, SIGTERM);
    kill(-state->session_id, SIGCONT);
}

/// Ends the container once its process group is empty, or when its time is up.
static void continue_stop(struct supervision *self) {
    bool has_children;
    reap(self, &has_children);
    bool is_group_empty = self->state->session_id == 0 || kill(-self->state->session_id, 0) != 0;
    if (has_children && !is_group_empty && steady_clock_ms() < self->kill_at) return;
    if (has_children) kill_everything(self);
    pump(self);
    close_output(self);
    finish(self, PHASE_STOPPED);
}

static int next_timeout(const struct supervision *self) {
    int64_t now = steady_clock_ms(), deadline = INT64_MAX;
    if (self->state->phase == PHASE_BACKING_OFF) deadline = self->restart_at;
    if (self->state->phase == PHASE_STOPPING)
        deadline = self->kill_at < now + GROUP_CHECK_MS ? self->kill_at : now + GROUP_CHECK_MS;
    if (!self->state->is_saved && deadline > now + SAVE_AGAIN_MS) deadline = now + SAVE_AGAIN_MS;
    if (deadline == INT64_MAX) return -1;
    if (deadline <= now) return 0;
    return deadline - now > 1000000 ? 1000000 : (int)(deadline - now);
}

void supervise(struct supervision *self) {
    start(self);
    while (!self->is_over) {
        struct pollfd waits[] = {{.fd = self->signals, .events = POLLIN}, {.fd = self->output, .events = POLLIN}};
        poll(waits, 2, next_timeout(self));
        pump(self);
        hear_signals(self);
        if (self->is_stop_asked) stop(self, self->options->grace_ms);
        if (self->is_kill_asked) stop(self, 0);
        self->is_stop_asked = self->is_kill_asked = false;
        bool has_children;
        if (reap(self, &has_children)) main_process_ended(self);
        if (self->is_over) break;
        if (self->state->phase == PHASE_STOPPING) {
            continue_stop(self);
        } else if (self->state->phase == PHASE_BACKING_OFF && steady_clock_ms() >= self->restart_at
                   && !self->is_stop_asked && !self->is_kill_asked) {
            self->state->restarts++;
            start(self);
        } else if (!self->state->is_saved) {
            state_save(self->state);
        }
    }
}
