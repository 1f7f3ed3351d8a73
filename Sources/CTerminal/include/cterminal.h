// The terminal, as about twenty plain functions.
//
// Nothing of curses shows here: no macros, no globals, no variadics, because none of those can be used from Swift's
// concurrency-checked language mode. One thread (the main one) may call these functions; the exceptions are ct_wake
// and the handler that ct_guard_crash installs, which may run on any thread.

#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <stdint.h>

// One cell of the screen. scalars[0] == 0 marks the right half of a wide character. Colours are -1 for the
// terminal's own or a palette index; attributes are the CT_ATTRIBUTE_ bits.
typedef struct {
    uint32_t scalars[4];
    int16_t foreground;
    int16_t background;
    uint16_t attributes;
} ct_cell;

enum {
    CT_ATTRIBUTE_BOLD = 1,
    CT_ATTRIBUTE_DIM = 2,
    CT_ATTRIBUTE_UNDERLINE = 4,
    CT_ATTRIBUTE_REVERSE = 8,
    CT_ATTRIBUTE_ITALIC = 16,
};

enum {
    CT_KEY_NONE,         // Nothing is waiting.
    CT_KEY_SKIP,         // Something came that means nothing here; read on.
    CT_KEY_CHARACTER,    // code is a Unicode scalar.
    CT_KEY_FUNCTION,     // code is one of CT_FUNCTION_, or CT_FUNCTION_F0 + n.
    CT_KEY_MOUSE,        // code is one of CT_MOUSE_, at row and column.
    CT_KEY_PASTE_BEGIN,
    CT_KEY_PASTE_END,
    CT_KEY_FOCUS_IN,
    CT_KEY_FOCUS_OUT,
};

enum {
    CT_FUNCTION_UP = 1,
    CT_FUNCTION_DOWN,
    CT_FUNCTION_LEFT,
    CT_FUNCTION_RIGHT,
    CT_FUNCTION_HOME,
    CT_FUNCTION_END,
    CT_FUNCTION_PAGE_UP,
    CT_FUNCTION_PAGE_DOWN,
    CT_FUNCTION_INSERT,
    CT_FUNCTION_DELETE,
    CT_FUNCTION_BACKSPACE,
    CT_FUNCTION_ENTER,
    CT_FUNCTION_BACK_TAB,
    CT_FUNCTION_F0 = 64,
};

enum { CT_MOUSE_PRESS = 1, CT_MOUSE_RELEASE, CT_MOUSE_SECONDARY, CT_MOUSE_WHEEL_UP, CT_MOUSE_WHEEL_DOWN };

typedef struct {
    int32_t kind;
    uint32_t code;
    int32_t row;
    int32_t column;
} ct_key;

enum { CT_OPEN_OK, CT_OPEN_NOT_A_TERMINAL, CT_OPEN_UNKNOWN_TERMINAL, CT_OPEN_TOO_SIMPLE };

enum { CT_WAIT_INPUT = 1, CT_WAIT_WAKE = 2, CT_WAIT_SIGNAL = 4, CT_WAIT_HANGUP = 8 };

enum { CT_SIGNAL_NONE, CT_SIGNAL_RESIZE, CT_SIGNAL_STOP, CT_SIGNAL_CONTINUE, CT_SIGNAL_TERMINATE };

// Blocks the signals that ct_next_signal reports. Call it before the process starts its first thread: a thread that
// does not block them would be killed by what the console means to handle.
void ct_block_signals(void);

// Takes the terminal. error_log (may be NULL) receives everything written to descriptor 2 until ct_close.
int ct_open(const char *error_log, int uses_mouse);
void ct_close(void);

// Gives the terminal back for a while, with its own modes and the real descriptor 2, and takes it again.
void ct_suspend(void);
void ct_resume(void);
// Suspends, stops the whole process until someone continues it, and resumes.
void ct_stop(void);
// Runs a command on the terminal between ct_suspend and ct_resume; returns its exit code, 128 + signal, or 127.
int ct_run_foreground(char *const arguments[]);

void ct_size(int *rows, int *columns);
void ct_sync_size(void);
int ct_colors(void);
// Whether text may go beyond ASCII and a box line is one cell wide.
int ct_is_unicode(void);
void ct_mouse(int is_on);
void ct_bell(void);

// Shows a whole grid; curses finds out what has changed. A negative cursor row hides the cursor.
void ct_blit(const ct_cell *cells, int rows, int columns, int cursor_row, int cursor_column);
// Forgets what is on the screen, so that the next ct_blit paints all of it.
void ct_invalidate(void);
ct_key ct_read(void);

// Waits for input, a wake-up or a signal; a negative timeout waits for ever. Returns CT_WAIT_ bits.
int ct_wait(int timeout_milliseconds);
int ct_next_signal(void);
void ct_wake(void);
void ct_clear_wake(void);

// Makes a crash leave a usable terminal: on a fatal signal the terminal is reset before the signal takes its course.
void ct_guard_crash(void);

#endif
