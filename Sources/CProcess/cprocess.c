#include "cprocess.h"
int cp_placeholder(void) { return 0; }
