#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cprocess.h"

enum { TRY_LIMIT = 64 };

static struct sockaddr_in loopback(uint16_t port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/// Binds a port (0 lets the kernel choose) and returns which one it was, or a negative error number.
static int try_bind(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    // As servers do, so that connections of an earlier one that linger in TIME_WAIT do not make a port look taken.
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = loopback(port);
    socklen_t size = sizeof address;
    int result = bind(fd, (struct sockaddr *)&address, sizeof address) != 0
                         || getsockname(fd, (struct sockaddr *)&address, &size) != 0
                     ? -errno
                     : ntohs(address.sin_port);
    close(fd);
    return result;
}

bool cp_is_loopback_port_free(uint16_t port) { return port != 0 && try_bind(port) == port; }

int cp_allocate_loopback_port(const uint16_t *excluded, size_t count) {
    for (int i = 0; i < TRY_LIMIT; i++) {
        int port = try_bind(0);
        if (port < 0) return port;
        bool is_excluded = false;
        for (size_t j = 0; j < count; j++) is_excluded = is_excluded || excluded[j] == port;
        if (!is_excluded) return port;
    }
    return -EADDRINUSE;
}

int cp_begin_loopback_connection(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    struct sockaddr_in address = loopback(port);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 || errno == EINPROGRESS) return fd;
    int error = errno;
    close(fd);
    return -error;
}

int cp_connection_result(int socket) {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}
