#ifndef LANDLORD_SUPERVISOR_PROCESSES_H
#define LANDLORD_SUPERVISOR_PROCESSES_H

#include <stdint.h>
#include <sys/types.h>

/// The start time of a process in clock ticks since boot (field 22 of its stat), or 0 when there is none. Together with
/// the boot id it tells a process from a later one with the same number.
uint64_t process_start_time(pid_t pid);

/// Sends a signal to every direct child of this process, adopted ones too. Returns how many there were.
///
/// It is safe against reused numbers: a child's number stays taken until this process, which has one thread, reaps it.
int signal_children(int signal);

#endif
