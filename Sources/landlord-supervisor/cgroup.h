#ifndef LANDLORD_SUPERVISOR_CGROUP_H
#define LANDLORD_SUPERVISOR_CGROUP_H

#include "options.h"
#include "state.h"

enum { CGROUP_PATH_LIMIT = 512 };

/// The control groups of one container. A path is empty where the machine does not let us make that group.
///
/// Everything here is best effort: without control groups a container runs all the same, and its state says that its
/// limits are not enforced.
struct cgroup {
    char unified[CGROUP_PATH_LIMIT];  // Version 2: tracking and killing, and limits where its controllers are enabled.
    char memory[CGROUP_PATH_LIMIT];   // Version 1 memory controller, used when version 2 has none.
    char cpu[CGROUP_PATH_LIMIT];      // Version 1 cpu controller.
};

/// Makes the container's groups below the supervisor's own, named for the container's directory, kills what an earlier
/// supervisor of the same container left there, and sets the limits.
void cgroup_prepare(struct cgroup *cgroup, const char *directory, const struct options *options, struct state *state);

/// Moves the calling process into the groups. Returns 0, or an error number.
int cgroup_join(const struct cgroup *cgroup);

/// Kills everything in the groups, including processes that left their session.
void cgroup_kill(const struct cgroup *cgroup);

/// Removes the groups. They must be empty.
void cgroup_remove(const struct cgroup *cgroup);

#endif
