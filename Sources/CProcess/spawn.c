#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cprocess.h"

enum { SUPERVISOR_SOCKET = 3 };

static int add_actions(posix_spawn_file_actions_t *actions, int socket) {
    int error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (error == 0) error = posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(actions, 1, 2);
    if (error == 0) error = posix_spawn_file_actions_adddup2(actions, socket, SUPERVISOR_SOCKET);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, SUPERVISOR_SOCKET + 1);
    if (error == 0) error = posix_spawn_file_actions_addchdir_np(actions, "/");
    return error;
}

static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return error;
}

static int spawn(const char *program, const char *argument, int socket, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = add_actions(&actions, socket);
        if (error == 0) error = set_attributes(&attributes);
        char *const arguments[] = {"landlord-supervisor", (char *)argument, NULL};
        char *const environment[] = {NULL};
        if (error == 0) error = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/// Reaps the process that was started, which ends as soon as it has forked. Its exit code says whether that worked.
static int reap_parent(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return errno == ECHILD ? 0 : errno;  // Somebody ignores SIGCHLD: then it is reaped.
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ECHILD;
}

int cp_spawn_supervisor(const char *program, const char *argument, int *socket) {
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return errno;
    // A source below 3 would be overwritten before it is copied, and 3 itself would stay marked to be closed.
    int theirs = fcntl(sockets[1], F_DUPFD_CLOEXEC, SUPERVISOR_SOCKET + 1);
    pid_t pid;
    int error = theirs < 0 ? errno : spawn(program, argument, theirs, &pid);
    if (theirs >= 0) close(theirs);
    close(sockets[1]);
    if (error == 0) error = reap_parent(pid);
    if (error != 0) {
        close(sockets[0]);
        return error;
    }
    fcntl(sockets[0], F_SETFL, O_NONBLOCK);
    *socket = sockets[0];
    return 0;
}

int cp_send(int socket, const void *bytes, size_t length, int timeout_ms) {
    const char *rest = bytes;
    while (length > 0) {
        ssize_t count = send(socket, rest, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            int result = cp_wait_writable(socket, timeout_ms);
            if (result != 0) return result;
            continue;
        }
        if (count < 0) return errno;
        rest += count;
        length -= (size_t)count;
    }
    return 0;
}

ssize_t cp_receive(int socket, void *bytes, size_t size) {
    for (;;) {
        ssize_t count = recv(socket, bytes, size, MSG_DONTWAIT);
        if (count >= 0) return count;
        if (errno != EINTR) return errno == EWOULDBLOCK ? -EAGAIN : -errno;
    }
}

static int wait_for(int descriptor, short events, int timeout_ms) {
    struct pollfd wait = {.fd = descriptor, .events = events};
    for (;;) {
        int result = poll(&wait, 1, timeout_ms);
        if (result > 0) return 0;
        if (result == 0) return ETIMEDOUT;
        if (errno != EINTR) return errno;
    }
}

int cp_wait_readable(int descriptor, int timeout_ms) { return wait_for(descriptor, POLLIN, timeout_ms); }

int cp_wait_writable(int descriptor, int timeout_ms) { return wait_for(descriptor, POLLOUT, timeout_ms); }
