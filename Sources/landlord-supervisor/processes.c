#include "processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Reads /proc/PID/stat and points behind the program's name, which may itself hold spaces and parentheses.
static char *read_stat(const char *pid, char *buffer, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    ssize_t length = read(fd, buffer, size - 1);
    close(fd);
    if (length <= 0) return NULL;
    buffer[length] = '\0';
    char *name_end = strrchr(buffer, ')');
    return name_end != NULL && name_end[1] == ' ' ? name_end + 2 : NULL;
}

uint64_t process_start_time(pid_t pid) {
    char number[16], buffer[1024];
    snprintf(number, sizeof number, "%d", pid);
    char *field = read_stat(number, buffer, sizeof buffer);
    // `field` is the third (state); the start time is the twenty-second.
    for (int i = 3; field != NULL && i < 22; i++) {
        field = strchr(field, ' ');
        if (field != NULL) field++;
    }
    return field == NULL ? 0 : strtoull(field, NULL, 10);
}

int signal_children(int signal) {
    DIR *directory = opendir("/proc");
    if (directory == NULL) return 0;
    pid_t self = getpid();
    int count = 0;
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
        char buffer[1024], state;
        int parent;
        char *field = read_stat(entry->d_name, buffer, sizeof buffer);
        if (field == NULL || sscanf(field, "%c %d", &state, &parent) != 2 || parent != self) continue;
        kill((pid_t)atoi(entry->d_name), signal);
        count++;
    }
    closedir(directory);
    return count;
}
