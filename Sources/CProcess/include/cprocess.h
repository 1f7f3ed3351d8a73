#ifndef CPROCESS_H
#define CPROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// What the process provider and the database lock need from Linux and cannot say in Swift. Every function is safe to
// call from any thread. Unless said otherwise a result of 0 means success and a positive one is an error number.

// Identity of processes. A number alone is never trusted: it may have been given to somebody else since it was written
// down. A process is its number and its start time, within one boot.

/// Writes the identity of this boot (a UUID) into the buffer.
int cp_boot_id(char *buffer, size_t size);

/// The start time of a process in clock ticks since boot, or 0 when there is none (a zombie still has one).
uint64_t cp_start_time(pid_t pid);

/// Whether this very process runs. A zombie counts as dead.
bool cp_is_alive(pid_t pid, uint64_t start_time);

/// Opens a descriptor of this very process, readable when it ends. Returns the descriptor, or a negative error number;
/// -ESRCH when it is gone or another process has its number.
int cp_open_process(pid_t pid, uint64_t start_time);

/// Sends a signal to this very process, or ESRCH when it is gone. A process that took its number is never touched.
int cp_signal(pid_t pid, uint64_t start_time, int signal);

/// Waits until the process behind a descriptor has ended. Returns ETIMEDOUT when it has not ended in time; a negative
/// timeout waits for ever.
int cp_wait_exit(int process, int timeout_ms);

/// Kills what a container left behind whose supervisor was itself killed: members of its session that started no
/// earlier than the session's first process, and processes that were started with HOME=`home`, which names one
/// container only and so finds those that left the session. Waits up to `timeout_ms` for them to be gone. Returns how
/// many were found alive.
///
/// A session number that another session leader has taken since is recognised by that leader's start time. `home` may
/// be NULL.
int cp_kill_strays(pid_t session, uint64_t session_start, const char *home, int timeout_ms);

/// Kills everything in a control group, where it is one of version 2, and removes the group once it is empty. A missing
/// group is a success.
int cp_destroy_cgroup(const char *path);

// Starting the supervisor.

/// Starts `program argument` in a session of its own with an empty environment, the root as working directory, the
/// standard streams on /dev/null, and the other end of `*socket` as descriptor 3. No other descriptor is inherited.
///
/// The program is expected to leave this process's family at once: what is started here forks and ends, and is reaped
/// before this returns. So a supervisor never becomes our zombie, and whoever waits for children of this process is
/// not disturbed. It says its number on the socket.
///
/// The socket is ours to close, and non-blocking. Closing it before "go" makes the supervisor leave.
int cp_spawn_supervisor(const char *program, const char *argument, int *socket);

/// Writes all bytes to a socket, waiting while it is full, for at most `timeout_ms`. EPIPE when the other side is gone;
/// no signal is raised.
int cp_send(int socket, const void *bytes, size_t length, int timeout_ms);

/// Reads what a socket or pipe holds, without waiting. Returns the count, 0 at the end, or a negative error number;
/// -EAGAIN when there is nothing yet.
ssize_t cp_receive(int socket, void *bytes, size_t size);

// Locks. They belong to the open file, not to the process, and the kernel drops them the moment their holder dies.

/// Takes the exclusive lock on an open file. EAGAIN when somebody else has it.
int cp_lock_exclusive(int file);

/// Whether somebody else holds the lock: 0 when it is free, EAGAIN when it is taken.
int cp_lock_test(int file);

/// Gives the lock back.
int cp_lock_release(int file);

// Watching files.

/// What to be told about.
enum cp_watch {
    CP_WATCH_CONTENT = 1,  // A file was written to, cut, moved or deleted.
    CP_WATCH_ENTRIES = 2,  // In a directory something was made, moved in, closed after writing, or deleted.
    CP_WATCH_GROWTH = 3,   // The same, and every write to a file of the directory: for following a log.
};

/// Opens a descriptor that is readable when something has happened. Returns it, or a negative error number (EMFILE:
/// the user has too many; fall back to looking now and then).
int cp_watch_open(const char *path, enum cp_watch what);

/// Takes the news off the descriptor. Returns how many there were.
int cp_watch_drain(int watch);

// Loopback ports.

/// Whether 127.0.0.1:port can be bound now.
bool cp_is_loopback_port_free(uint16_t port);

/// Finds a free port on 127.0.0.1 that is not among those excluded. Returns it, or a negative error number.
int cp_allocate_loopback_port(const uint16_t *excluded, size_t count);

/// Starts to connect to 127.0.0.1:port. Returns a descriptor that is writable when it is known how that went, or a
/// negative error number.
int cp_begin_loopback_connection(uint16_t port);

/// How the connection went: 0, or an error number.
int cp_connection_result(int socket);

// Waiting.

/// Waits until a descriptor is readable (or writable). Returns 0, or ETIMEDOUT; a negative timeout waits for ever.
int cp_wait_readable(int descriptor, int timeout_ms);
int cp_wait_writable(int descriptor, int timeout_ms);

#endif
