#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int parse_number(const char *text, long *value) {
    char *end = NULL;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0) return -1;
    *value = number;
    return 0;
}

static int parse_restart(const char *text, enum restart_policy *policy) {
    if (strcmp(text, "always") == 0) *policy = RESTART_ALWAYS;
    else if (strcmp(text, "on-failure") == 0) *policy = RESTART_ON_FAILURE;
    else if (strcmp(text, "never") == 0) *policy = RESTART_NEVER;
    else return -1;
    return 0;
}

static int set_option(struct options *options, const char *key, char *value) {
    const struct {
        const char *key;
        long *number;
    } numbers[] = {
        {"backoff_initial_ms", &options->backoff_initial_ms}, {"backoff_max_ms", &options->backoff_max_ms},
        {"backoff_reset_ms", &options->backoff_reset_ms},     {"restart_limit", &options->restart_limit},
        {"grace_ms", &options->grace_ms},                     {"log_bytes", &options->log_bytes},
        {"log_files", &options->log_files},                   {"memory_bytes", &options->memory_bytes},
        {"cpu_millicores", &options->cpu_millicores},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(key, numbers[i].key) == 0) return parse_number(value, numbers[i].number);
    if (strcmp(key, "restart") == 0) return parse_restart(value, &options->restart);
    if (strcmp(key, "directory") == 0) {
        options->directory = value;
        return 0;
    }
    return -1;
}

int options_parse(char *block, size_t length, struct options *options) {
    if (length == 0 || block[length - 1] != '\0') return -1;
    *options = (struct options){
        .restart = RESTART_ALWAYS,
        .backoff_initial_ms = 200,
        .backoff_max_ms = 30000,
        .backoff_reset_ms = 10000,
        .restart_limit = 0,
        .grace_ms = 10000,
        .log_bytes = 1048576,
        .log_files = 3,
    };
    size_t argument_count = 0, variable_count = 0;
    for (char *text = block; text < block + length; text += strlen(text) + 1) {
        if (strncmp(text, "arg=", 4) == 0) argument_count++;
        else if (strncmp(text, "env=", 4) == 0) variable_count++;
    }
    options->arguments = calloc(argument_count + 1, sizeof(char *));
    options->environment = calloc(variable_count + 1, sizeof(char *));
    if (options->arguments == NULL || options->environment == NULL) return -1;

    argument_count = variable_count = 0;
    char *text = block;
    while (text < block + length) {
        char *next = text + strlen(text) + 1;
        char *equals = strchr(text, '=');
        if (equals == NULL) return -1;
        char *value = equals + 1;
        if (strncmp(text, "arg=", 4) == 0) {
            options->arguments[argument_count++] = value;
        } else if (strncmp(text, "env=", 4) == 0) {
            options->environment[variable_count++] = value;
        } else {
            *equals = '\0';
            if (set_option(options, text, value) != 0) return -1;
        }
        text = next;
    }
    if (argument_count == 0 || options->arguments[0][0] == '\0' || options->directory == NULL) return -1;
    if (options->backoff_initial_ms == 0) options->backoff_initial_ms = 1;
    return 0;
}
