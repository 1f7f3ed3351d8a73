#ifndef CPROCESS_H
#define CPROCESS_H
int cp_placeholder(void);
#endif
