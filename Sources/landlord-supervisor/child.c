#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum step { STEP_CGROUP, STEP_DIRECTORY, STEP_EXEC, STEP_PREPARE };

/// What the child tells its supervisor over a pipe that closes by itself when the program starts.
struct report {
    enum step step;
    int error;
};

static void tell(int pipe, enum step step, int error) {
    struct report report = {step, error};
    // Nobody could be told that this failed, and a closed pipe only means that the supervisor is gone.
    ssize_t ignored = write(pipe, &report, sizeof report);
    (void)ignored;
}

/// Runs the program, searched for in the PATH of its own environment: the supervisor's must not matter.
static int execute(char **arguments, char **environment) {
    const char *name = arguments[0];
    if (strchr(name, '/') != NULL) {
        execve(name, arguments, environment);
        return errno;
    }
    const char *path = "";
    for (char **variable = environment; *variable != NULL; variable++)
        if (strncmp(*variable, "PATH=", 5) == 0) path = *variable + 5;
    int error = ENOENT;
    while (*path != '\0') {
        size_t length = strcspn(path, ":");
        char candidate[4096];
        int size = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)length, path, name);
        if (length > 0 && size < (int)sizeof candidate) {
            execve(candidate, arguments, environment);
            // "Permission denied" and the like say more than the "not found" of the other directories.
            if (errno != ENOENT && errno != ENOTDIR) error = errno;
        }
        path += length + (path[length] == ':' ? 1 : 0);
    }
    return error;
}

static void reset_signals(void) {
    for (int signal = 1; signal < NSIG; signal++) {
        struct sigaction action = {.sa_handler = SIG_DFL};
        sigaction(signal, &action, NULL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void reset_limits(void) {
    // The engine may have raised its own soft limit; programs that use select() must not inherit that.
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < 1024 ? limit.rlim_max : 1024;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static _Noreturn void become(const struct options *options, const struct cgroup *cgroup, int output, int report,
                             pid_t supervisor) {
    setsid();
    // The supervisor has one thread, so its death is what this waits for. It may have died before: hence the check.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) _exit(127);
    int joined = cgroup_join(cgroup);
    if (joined != 0) tell(report, STEP_CGROUP, joined);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) {
        tell(report, STEP_PREPARE, errno);
        _exit(127);
    }
    if (chdir(options->directory) != 0) {
        tell(report, STEP_DIRECTORY, errno);
        _exit(127);
    }
    umask(022);
    reset_limits();
    reset_signals();
    // Everything beyond the three standard streams closes when the program starts, whoever forgot to say so.
    syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
    tell(report, STEP_EXEC, execute(options->arguments, options->environment));
    _exit(127);
}

static struct start_result not_started(const char *step, int error) {
    return (struct start_result){.pid = 0, .output = -1, .error = error, .step = step};
}

struct start_result child_start(const struct options *options, const struct cgroup *cgroup) {
    static const char *const names[] = {"cgroup", "directory", "exec", "prepare"};
    int output[2], reports[2];
    if (pipe2(output, O_CLOEXEC) != 0) return not_started("pipe", errno);
    if (pipe2(reports, O_CLOEXEC) != 0) {
        int error = errno;
        close(output[0]);
        close(output[1]);
        return not_started("pipe", error);
    }
    pid_t supervisor = getpid();
    pid_t pid = fork();
    if (pid == 0) become(options, cgroup, output[1], reports[1], supervisor);
    int fork_error = errno;
    close(output[1]);
    close(reports[1]);
    struct start_result result = {.pid = pid, .output = output[0]};
    if (pid < 0) {
        result = not_started("fork", fork_error);
    } else {
        struct report report;
        ssize_t length;
        while ((length = read(reports[0], &report, sizeof report)) != 0) {
            if (length < 0 && errno == EINTR) continue;
            if (length != (ssize_t)sizeof report) break;
            if (report.step == STEP_CGROUP) result.cgroup_error = report.error;
            else result = not_started(names[report.step], report.error);
        }
        if (result.pid == 0) waitpid(pid, NULL, 0);
    }
    close(reports[0]);
    if (result.pid == 0) close(output[0]);
    else fcntl(result.output, F_SETFL, O_NONBLOCK);
    return result;
}
