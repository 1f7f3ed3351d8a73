#ifndef LANDLORD_SUPERVISOR_HANDOVER_H
#define LANDLORD_SUPERVISOR_HANDOVER_H

#include "options.h"

enum handover { HANDOVER_GO, HANDOVER_ABANDONED, HANDOVER_MALFORMED };

/// Waits for the engine to hand over what to run, and for its word to start.
///
/// The engine writes "LLS1", the length of the options as four bytes (least significant first), the options, and, once
/// its record of this supervisor is committed, "G". End of file before that means that the engine died or changed its
/// mind; nothing may be started then. A signal on `signals` counts as the same.
enum handover handover_wait(int socket, int signals, struct options *options);

#endif
