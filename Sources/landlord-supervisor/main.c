// landlord-supervisor DIRECTORY | --probe
//
// Keeps one container of one tenant running. The engine starts it, hands it over a socket (descriptor 3) what to run,
// and may then die: nothing here depends on the engine afterwards. A later engine finds this process by its recorded
// number and start time, reads DIRECTORY/state, and stops it with SIGTERM (SIGQUIT: without a grace period).
//
// It forks first, so that it is nobody's child: the engine neither has to reap it nor sees its end among its own
// children. The reply on the socket is 'R' and this process's number (four bytes, least significant first) when this is
// now the container's only supervisor, 'A' when there is one already, 'E' when the directory cannot be used. With
// --probe it runs one health check command instead (probe.h), and says nothing but its outcome.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handover.h"
#include "probe.h"
#include "processes.h"
#include "supervision.h"

enum { SOCKET = 3 };

enum exit_code {
    EXIT_STOPPED = 0,
    EXIT_ALREADY_SUPERVISED = 3,
    EXIT_ABANDONED = 4,
    EXIT_MALFORMED = 5,
    EXIT_UNUSABLE_DIRECTORY = 6,
    EXIT_USAGE = 64,
    EXIT_NOT_STARTED = 71,
};

static void reply(char byte) {
    unsigned number = (unsigned)getpid();
    unsigned char bytes[] = {(unsigned char)byte, number & 255, number >> 8 & 255, number >> 16 & 255, number >> 24};
    // An engine that died meanwhile shows as end of file in the next read; here it may be ignored.
    ssize_t ignored = send(SOCKET, bytes, byte == 'R' ? sizeof bytes : 1, MSG_NOSIGNAL);
    (void)ignored;
}

/// Takes the directory's lock for as long as this process lives. Returns 0, EAGAIN when another supervisor has it, or
/// another error.
static int lock_directory(void) {
    int fd = open("lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return errno;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &lock) == 0) return 0;
    return errno == EACCES ? EAGAIN : errno;
}

static int open_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    const int signals[] = {SIGTERM, SIGQUIT, SIGCHLD, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) sigaddset(&set, signals[i]);
    if (sigprocmask(SIG_SETMASK, &set, NULL) != 0) return -1;
    signal(SIGPIPE, SIG_IGN);
    // Only these wake the supervisor; the others stay blocked for ever, which is how they are ignored.
    sigset_t heard;
    sigemptyset(&heard);
    sigaddset(&heard, SIGTERM);
    sigaddset(&heard, SIGQUIT);
    sigaddset(&heard, SIGCHLD);
    return signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void read_boot_id(char *text, size_t size) {
    text[0] = '\0';
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    ssize_t length = read(fd, text, size - 1);
    close(fd);
    text[length > 0 ? length : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
}

/// Becomes the supervisor of the container that lives in this directory.
static int supervise_directory(const char *directory, int signals) {
    if (signals < 0 || chdir(directory) != 0) {
        reply('E');
        return EXIT_UNUSABLE_DIRECTORY;
    }
    int locked = lock_directory();
    if (locked != 0) {
        reply(locked == EAGAIN ? 'A' : 'E');
        return locked == EAGAIN ? EXIT_ALREADY_SUPERVISED : EXIT_UNUSABLE_DIRECTORY;
    }
    struct state state = {.phase = PHASE_WAITING, .supervisor_pid = getpid()};
    state.supervisor_start = process_start_time(state.supervisor_pid);
    read_boot_id(state.boot_id, sizeof state.boot_id);
    state_save(&state);
    if (!state.is_saved) {
        reply('E');
        return EXIT_UNUSABLE_DIRECTORY;
    }
    reply('R');

    struct options options;
    enum handover handover = handover_wait(SOCKET, signals, &options);
    close(SOCKET);
    if (handover != HANDOVER_GO) {
        state.phase = PHASE_STOPPED;
        state_save(&state);
        return handover == HANDOVER_MALFORMED ? EXIT_MALFORMED : EXIT_ABANDONED;
    }
    // The environment may hold secrets: no core dump, and no look into this memory by the tenant's own processes.
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    struct supervision supervision = {.options = &options, .state = &state, .signals = signals, .output = -1};
    cgroup_prepare(&supervision.cgroup, directory, &options, &state);
    log_open(&supervision.log, options.log_bytes, options.log_files);
    supervise(&supervision);
    return EXIT_STOPPED;
}

int main(int argument_count, char **arguments) {
    bool is_probe = argument_count == 2 && strcmp(arguments[1], "--probe") == 0;
    if (argument_count != 2 || (arguments[1][0] != '/' && !is_probe)) {
        dprintf(2, "usage: landlord-supervisor /ABSOLUTE/DIRECTORY (started by landlord, not by hand)\n");
        return EXIT_USAGE;
    }
    pid_t pid = fork();
    if (pid != 0) _exit(pid > 0 ? EXIT_STOPPED : EXIT_NOT_STARTED);
    setsid();
    fcntl(SOCKET, F_SETFD, FD_CLOEXEC);
    umask(077);
    int signals = open_signals();
    if (is_probe) return signals < 0 ? EXIT_MALFORMED : probe_run(SOCKET, signals);
    return supervise_directory(arguments[1], signals);
}
