#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cprocess.h"

enum { STRAY_LIMIT = 256 };

/// What /proc/PID/stat says of a process.
struct facts {
    char state;
    pid_t parent;
    pid_t session;
    uint64_t start_time;
};

static ssize_t read_whole(const char *path, char *buffer, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    size_t length = 0;
    while (length < size) {
        ssize_t count = read(fd, buffer + length, size - length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        length += (size_t)count;
    }
    close(fd);
    return (ssize_t)length;
}

static bool read_facts(pid_t pid, struct facts *facts) {
    char path[32], buffer[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    ssize_t length = read_whole(path, buffer, sizeof buffer - 1);
    if (length <= 0) return false;
    buffer[length] = '\0';
    // The name before it may hold spaces and parentheses.
    char *field = strrchr(buffer, ')');
    if (field == NULL) return false;
    unsigned long long start;
    int count = sscanf(
        field + 1,
        " %c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &facts->state,
        &facts->parent, &facts->session, &start);
    facts->start_time = start;
    return count == 4;
}

int cp_boot_id(char *buffer, size_t size) {
    if (size == 0) return EINVAL;
    ssize_t length = read_whole("/proc/sys/kernel/random/boot_id", buffer, size - 1);
    if (length <= 0) return EIO;
    buffer[length] = '\0';
    buffer[strcspn(buffer, "\n")] = '\0';
    return 0;
}

uint64_t cp_start_time(pid_t pid) {
    struct facts facts;
    return pid > 0 && read_facts(pid, &facts) ? facts.start_time : 0;
}

bool cp_is_alive(pid_t pid, uint64_t start_time) {
    struct facts facts;
    if (pid <= 0 || start_time == 0 || !read_facts(pid, &facts) || facts.start_time != start_time) return false;
    if (facts.state != 'Z' && facts.state != 'X') return true;
    // Processes that lost their parent become children of the first process. Where that is us, as in a container
    // without an init, nobody else would ever reap them.
    if (getpid() == 1 && facts.parent == 1) waitpid(pid, NULL, WNOHANG);
    return false;
}

int cp_open_process(pid_t pid, uint64_t start_time) {
    if (pid <= 0 || start_time == 0) return -ESRCH;
    int process = (int)syscall(SYS_pidfd_open, pid, 0);
    if (process < 0) return -errno;
    // The descriptor is of whoever had the number when it was opened; the start time says whether that is the one.
    if (cp_is_alive(pid, start_time)) return process;
    close(process);
    return -ESRCH;
}

static int send_signal(int process, int signal) {
    return syscall(SYS_pidfd_send_signal, process, signal, NULL, 0) == 0 ? 0 : errno;
}

int cp_signal(pid_t pid, uint64_t start_time, int signal) {
    int process = cp_open_process(pid, start_time);
    if (process < 0) return -process;
    int result = send_signal(process, signal);
    close(process);
    return result;
}

int cp_wait_exit(int process, int timeout_ms) { return cp_wait_readable(process, timeout_ms); }

/// Whether the environment that a process was started with says HOME=home.
static bool has_home(pid_t pid, const char *home) {
    enum { ENVIRONMENT_LIMIT = 256 * 1024 };
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/environ", pid);
    char *text = malloc(ENVIRONMENT_LIMIT);
    if (text == NULL) return false;
    ssize_t length = read_whole(path, text, ENVIRONMENT_LIMIT - 1);
    bool found = false;
    if (length > 0) {
        text[length] = '\0';
        for (char *item = text; !found && item < text + length; item += strlen(item) + 1)
            found = strncmp(item, "HOME=", 5) == 0 && strcmp(item + 5, home) == 0;
    }
    free(text);
    return found;
}

/// Finds the strays of a container and opens them.
static int open_strays(pid_t session, uint64_t session_start, const char *home, int *processes, int limit) {
    uint64_t leader_start = session > 0 ? cp_start_time(session) : 0;
    bool is_session_ours = session > 1 && session_start > 0 && (leader_start == 0 || leader_start == session_start);
    DIR *directory = opendir("/proc");
    if (directory == NULL) return 0;
    int count = 0;
    struct dirent *entry;
    while (count < limit && (entry = readdir(directory)) != NULL) {
        pid_t pid = (pid_t)atoi(entry->d_name);
        struct facts facts;
        if (pid <= 1 || pid == getpid() || !read_facts(pid, &facts)) continue;
        if (facts.state == 'Z' || facts.state == 'X') continue;
        bool is_member = is_session_ours && facts.session == session && facts.start_time >= session_start;
        if (!is_member && (home == NULL || !has_home(pid, home))) continue;
        int process = cp_open_process(pid, facts.start_time);
        if (process >= 0) processes[count++] = process;
    }
    closedir(directory);
    return count;
}

static int64_t steady_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int cp_kill_strays(pid_t session, uint64_t session_start, const char *home, int timeout_ms) {
    int64_t deadline = steady_ms() + timeout_ms;
    int total = 0;
    // Again and again: what is killed may have been about to start another.
    for (;;) {
        int processes[STRAY_LIMIT];
        int count = open_strays(session, session_start, home, processes, STRAY_LIMIT);
        for (int i = 0; i < count; i++) send_signal(processes[i], SIGKILL);
        for (int i = 0; i < count; i++) {
            int64_t left = deadline - steady_ms();
            cp_wait_exit(processes[i], left > 0 ? (int)left : 0);
            close(processes[i]);
        }
        total += count;
        if (count == 0 || steady_ms() >= deadline) return total;
    }
}

int cp_destroy_cgroup(const char *path) {
    char file[4096];
    struct stat status;
    // Only a group that a supervisor of ours made is ever touched, whatever a damaged state file says.
    const char *name = strrchr(path, '/');
    bool is_ours = name != NULL && strncmp(name, "/landlord-", 10) == 0 && strncmp(path, "/sys/fs/cgroup/", 15) == 0;
    if (!is_ours) return EINVAL;
    if (stat(path, &status) != 0) return errno == ENOENT ? 0 : errno;
    snprintf(file, sizeof file, "%s/cgroup.kill", path);
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t ignored = write(fd, "1", 1);
        (void)ignored;
        close(fd);
    }
    // Version 1 has no kill switch; there the members are found by their session, and this only removes the group.
    // Members need a moment to die, and the group is busy until then.
    for (int round = 0; round < 200; round++) {
        if (rmdir(path) == 0 || errno == ENOENT) return 0;
        if (errno != EBUSY) return errno;
        poll(NULL, 0, 5);
    }
    return EBUSY;
}
