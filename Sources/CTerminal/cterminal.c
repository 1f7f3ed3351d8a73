#include "cterminal.h"
#include <curses.h>
int ct_placeholder(void) { return COLORS; }
