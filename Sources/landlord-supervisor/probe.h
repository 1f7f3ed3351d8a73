#ifndef LANDLORD_SUPERVISOR_PROBE_H
#define LANDLORD_SUPERVISOR_PROBE_H

/// Runs one command for a health check and replies with "X" and its exit code, or "S" and the signal that ended it, or
/// "N" and the error number with which it could not be started. A code beyond 255 is cut to a byte.
///
/// The command and everything it started is gone when this returns: it is killed when the other end of the socket
/// closes (the engine gave up, or died) and when a signal asks for it. So a check never outlives who asked for it.
int probe_run(int socket, int signals);

#endif
