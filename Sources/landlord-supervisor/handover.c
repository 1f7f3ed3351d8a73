#include "handover.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTIONS_LIMIT = 4 * 1024 * 1024 };

/// Reads exactly `length` bytes. Returns false when the engine or a signal ended the wait.
static bool read_exactly(int socket, int signals, char *bytes, size_t length) {
    while (length > 0) {
        struct pollfd waits[] = {{.fd = socket, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
        if (poll(waits, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        if (waits[1].revents != 0) return false;
        if (waits[0].revents == 0) continue;
        ssize_t count = read(socket, bytes, length);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) return false;
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

enum handover handover_wait(int socket, int signals, struct options *options) {
    unsigned char header[8];
    if (!read_exactly(socket, signals, (char *)header, sizeof header)) return HANDOVER_ABANDONED;
    uint32_t length = (uint32_t)header[4] | (uint32_t)header[5] << 8 | (uint32_t)header[6] << 16
                      | (uint32_t)header[7] << 24;
    if (memcmp(header, "LLS1", 4) != 0 || length > OPTIONS_LIMIT) return HANDOVER_MALFORMED;
    char *block = malloc(length + 1);
    if (block == NULL) return HANDOVER_MALFORMED;
    char go;
    if (!read_exactly(socket, signals, block, length)) return HANDOVER_ABANDONED;
    if (options_parse(block, length, options) != 0) return HANDOVER_MALFORMED;
    if (!read_exactly(socket, signals, &go, 1)) return HANDOVER_ABANDONED;
    return go == 'G' ? HANDOVER_GO : HANDOVER_MALFORMED;
}
