#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// How it works. /proc/self/cgroup says which group we are in, per hierarchy; /proc/self/mountinfo says where the
// hierarchy is mounted. The container's group is a child of ours, so that whoever limits the engine limits its
// tenants too. The supervisor itself stays outside: a tenant that runs out of memory must not take it along.

static int write_text(const char *directory, const char *file, const char *text) {
    char path[CGROUP_PATH_LIMIT + 64];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    ssize_t written = write(fd, text, strlen(text));
    int error = written < 0 ? errno : 0;
    close(fd);
    return error;
}

static bool list_has(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *item = list; item != NULL && *item != '\0';) {
        const char *end = strchr(item, ',');
        size_t item_length = end == NULL ? strlen(item) : (size_t)(end - item);
        if (item_length == length && strncmp(item, word, length) == 0) return true;
        item = end == NULL ? NULL : end + 1;
    }
    return false;
}

/// Finds our own group in the hierarchy of a version 1 controller, or in the unified one for an empty name.
static bool find_own_group(const char *controller, char *group, size_t size) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (file == NULL) return false;
    char line[1024];
    bool found = false;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':');
        char *path = controllers == NULL ? NULL : strchr(controllers + 1, ':');
        if (path == NULL) continue;
        *path++ = '\0';
        controllers++;
        found = controller[0] == '\0' ? controllers[0] == '\0' : list_has(controllers, controller);
        if (found) snprintf(group, size, "%s", path);
    }
    fclose(file);
    return found;
}

/// Finds where a hierarchy is mounted, and which group is at the root of that mount.
static bool find_mount(const char *controller, char *mount, char *root, size_t size) {
    FILE *file = fopen("/proc/self/mountinfo", "re");
    if (file == NULL) return false;
    char line[2048];
    bool found = false;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        char mount_root[CGROUP_PATH_LIMIT], mount_point[CGROUP_PATH_LIMIT], type[32], options[256];
        char *tail = strstr(line, " - ");
        if (tail == NULL || sscanf(line, "%*s %*s %*s %511s %511s", mount_root, mount_point) != 2) continue;
        if (sscanf(tail, " - %31s %*s %255s", type, options) != 2) continue;
        found = controller[0] == '\0' ? strcmp(type, "cgroup2") == 0
                                      : strcmp(type, "cgroup") == 0 && list_has(options, controller);
        if (found) {
            snprintf(mount, size, "%s", mount_point);
            snprintf(root, size, "%s", mount_root);
        }
    }
    fclose(file);
    return found;
}

static uint64_t fingerprint(const char *text) {
    uint64_t hash = 14695981039346656037u;
    for (; *text != '\0'; text++) hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

/// Makes the container's group in one hierarchy; `path` stays empty when that is not possible.
static void make_group(const char *controller, const char *directory, char *path) {
    char mount[CGROUP_PATH_LIMIT], root[CGROUP_PATH_LIMIT], group[CGROUP_PATH_LIMIT], parent[2 * CGROUP_PATH_LIMIT];
    path[0] = '\0';
    if (!find_mount(controller, mount, root, sizeof mount)) return;
    if (!find_own_group(controller, group, sizeof group)) return;
    size_t root_length = strcmp(root, "/") == 0 ? 0 : strlen(root);
    const char *below = strncmp(group, root, root_length) == 0 ? group + root_length : group;
    snprintf(parent, sizeof parent, "%s%s", mount, strcmp(below, "/") == 0 ? "" : below);
    struct stat status;
    if (stat(parent, &status) != 0) snprintf(parent, sizeof parent, "%s", mount);
    int length = snprintf(path, CGROUP_PATH_LIMIT, "%s/landlord-%016" PRIx64, parent, fingerprint(directory));
    if (length >= CGROUP_PATH_LIMIT || (mkdir(path, 0755) != 0 && errno != EEXIST)) path[0] = '\0';
}

static void set_memory(struct cgroup *cgroup, long bytes, struct state *state) {
    char text[32];
    snprintf(text, sizeof text, "%ld", bytes);
    state->memory_limit = LIMIT_NOT_ENFORCED;
    if (cgroup->unified[0] != '\0' && write_text(cgroup->unified, "memory.max", text) == 0) {
        write_text(cgroup->unified, "memory.swap.max", "0");
        state->memory_limit = LIMIT_ENFORCED;
    } else if (cgroup->memory[0] != '\0' && write_text(cgroup->memory, "memory.limit_in_bytes", text) == 0) {
        // Not every kernel counts swap; without it the limit is softer, yet still there.
        write_text(cgroup->memory, "memory.memsw.limit_in_bytes", text);
        state->memory_limit = LIMIT_ENFORCED;
    }
}

static void set_cpu(struct cgroup *cgroup, long millicores, struct state *state) {
    char text[32];
    // A period of 100 ms makes a thousandth of a core 100 microseconds; the kernel refuses less than 1 ms.
    long quota = millicores * 100 < 1000 ? 1000 : millicores * 100;
    snprintf(text, sizeof text, "%ld 100000", quota);
    state->cpu_limit = LIMIT_NOT_ENFORCED;
    if (cgroup->unified[0] != '\0' && write_text(cgroup->unified, "cpu.max", text) == 0) {
        state->cpu_limit = LIMIT_ENFORCED;
    } else if (cgroup->cpu[0] != '\0') {
        snprintf(text, sizeof text, "%ld", quota);
        if (write_text(cgroup->cpu, "cpu.cfs_period_us", "100000") == 0
            && write_text(cgroup->cpu, "cpu.cfs_quota_us", text) == 0)
            state->cpu_limit = LIMIT_ENFORCED;
    }
}

void cgroup_prepare(struct cgroup *cgroup, const char *directory, const struct options *options, struct state *state) {
    make_group("", directory, cgroup->unified);
    cgroup->memory[0] = cgroup->cpu[0] = '\0';
    if (options->memory_bytes > 0) make_group("memory", directory, cgroup->memory);
    if (options->cpu_millicores > 0) make_group("cpu", directory, cgroup->cpu);
    cgroup_kill(cgroup);
    if (options->memory_bytes > 0) set_memory(cgroup, options->memory_bytes, state);
    if (options->cpu_millicores > 0) set_cpu(cgroup, options->cpu_millicores, state);
    const char *const paths[] = {cgroup->unified, cgroup->memory, cgroup->cpu};
    for (int i = 0; i < 3; i++) snprintf(state->cgroup_paths[i], sizeof state->cgroup_paths[i], "%s", paths[i]);
}

int cgroup_join(const struct cgroup *cgroup) {
    const char *paths[] = {cgroup->unified, cgroup->memory, cgroup->cpu};
    int error = 0;
    for (int i = 0; i < 3; i++) {
        int result = paths[i][0] == '\0' ? 0 : write_text(paths[i], "cgroup.procs", "0");
        if (result != 0) error = result;
    }
    return error;
}

/// Version 1 has no kill switch: the members are listed and killed one by one, until there are none.
static void kill_members(const char *path) {
    char procs[CGROUP_PATH_LIMIT + 64];
    snprintf(procs, sizeof procs, "%s/cgroup.procs", path);
    for (int round = 0; round < 16; round++) {
        FILE *file = fopen(procs, "re");
        if (file == NULL) return;
        int pid, count = 0;
        while (fscanf(file, "%d", &pid) == 1) {
            if (pid <= 1) continue;
            kill(pid, SIGKILL);
            count++;
        }
        fclose(file);
        if (count == 0) return;
    }
}

void cgroup_kill(const struct cgroup *cgroup) {
    if (cgroup->unified[0] != '\0' && write_text(cgroup->unified, "cgroup.kill", "1") == 0) return;
    if (cgroup->unified[0] != '\0') kill_members(cgroup->unified);
    if (cgroup->memory[0] != '\0') kill_members(cgroup->memory);
    if (cgroup->cpu[0] != '\0') kill_members(cgroup->cpu);
}

void cgroup_remove(const struct cgroup *cgroup) {
    const char *paths[] = {cgroup->unified, cgroup->memory, cgroup->cpu};
    for (int i = 0; i < 3; i++)
        if (paths[i][0] != '\0') rmdir(paths[i]);
}
