#include "probe.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "handover.h"
#include "processes.h"

static void reply(int socket, char kind, int code) {
    unsigned char bytes[] = {(unsigned char)kind, (unsigned char)code};
    ssize_t ignored = send(socket, bytes, sizeof bytes, MSG_NOSIGNAL);
    (void)ignored;
}

/// What the command prints is of no interest, but it must not block on a full pipe.
static void discard(struct start_result *child) {
    char buffer[4096];
    ssize_t length;
    while ((length = read(child->output, buffer, sizeof buffer)) > 0) {}
    if (length == 0) {
        close(child->output);
        child->output = -1;
    }
}

/// Waits for the command. Returns true when it ended by itself, false when nobody wants to know any more.
static bool wait_for_end(struct start_result *child, int socket, int signals, int *status) {
    for (;;) {
        pid_t pid;
        while ((pid = waitpid(-1, status, WNOHANG)) > 0)
            if (pid == child->pid) return true;
        struct pollfd waits[] = {
            {.fd = signals, .events = POLLIN},
            {.fd = child->output, .events = POLLIN},
            {.fd = socket, .events = POLLIN},
        };
        if (poll(waits, 3, -1) < 0 && errno != EINTR) return false;
        if (waits[2].revents != 0) return false;
        if (waits[1].revents != 0) discard(child);
        struct signalfd_siginfo info;
        while (read(signals, &info, sizeof info) == sizeof info)
            if (info.ssi_signo != SIGCHLD) return false;
    }
}

static void kill_all(void) {
    // Bounded: a process that the kernel cannot end must not keep this one for ever.
    for (int round = 0; round < 1000; round++) {
        signal_children(SIGKILL);
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
        if (waitpid(-1, NULL, WNOHANG) < 0) return;
        poll(NULL, 0, 2);
    }
}

int probe_run(int socket, int signals) {
    struct options options;
    if (handover_wait(socket, signals, &options) != HANDOVER_GO) return 4;
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    struct cgroup none = {.unified = ""};
    struct start_result child = child_start(&options, &none);
    if (child.pid == 0) {
        reply(socket, 'N', child.error);
        return 0;
    }
    int status;
    bool has_ended = wait_for_end(&child, socket, signals, &status);
    kill_all();
    if (!has_ended) return 4;
    if (WIFSIGNALED(status)) reply(socket, 'S', WTERMSIG(status));
    else reply(socket, 'X', WEXITSTATUS(status));
    return 0;
}
