#include "cterminal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#undef columns  // term.h takes the name for a capability.

extern char **environ;

// Codes for sequences that terminfo does not know, above every KEY_ constant of curses.
enum { EXTRA_PASTE_BEGIN = KEY_MAX + 1, EXTRA_PASTE_END, EXTRA_FOCUS_IN, EXTRA_FOCUS_OUT };

static SCREEN *screen;
static WINDOW *keyboard;  // A pad: reading from it, unlike from stdscr, never paints as a side effect.
static struct termios saved_termios;
static char reset_text[256];
static size_t reset_count;
static volatile sig_atomic_t is_guarded;
static volatile sig_atomic_t saved_error_descriptor = -1;
static int log_descriptor = -1;
static int signal_descriptor = -1;
static int wake_descriptor = -1;
static int is_unicode;
static int is_synchronizing;
static int is_mouse_on;
static int is_invalid;

static void write_all(int descriptor, const char *text, size_t count) {
    while (count > 0) {
        ssize_t written = write(descriptor, text, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text += written;
        count -= (size_t)written;
    }
}

static void write_text(const char *text) { write_all(STDOUT_FILENO, text, strlen(text)); }

static void handled_signals(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGWINCH);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTSTP);
    sigaddset(set, SIGCONT);
}

void ct_block_signals(void) {
    sigset_t set;
    handled_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

// Opening and closing

static void choose_locale(const char *terminal) {
    setlocale(LC_ALL, "");
    int is_simple = strncmp(terminal, "linux", 5) == 0 || strncmp(terminal, "vt", 2) == 0;
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0 && !is_simple) setlocale(LC_CTYPE, "C.UTF-8");
    is_unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && wcwidth(0x2500) == 1;
    is_synchronizing = !is_simple;
}

// Appends to the reset text what terminfo says, without the padding notes that only curses understands.
static void append_reset(const char *text) {
    if (text == NULL || text == (const char *)-1) return;
    while (*text != 0 && reset_count < sizeof reset_text) {
        if (text[0] == '$' && text[1] == '<') {
            const char *end = strchr(text, '>');
            if (end != NULL) {
                text = end + 1;
                continue;
            }
        }
        reset_text[reset_count++] = *text++;
    }
}

static void prepare_reset(void) {
    reset_count = 0;
    append_reset("\033[?2004l\033[?1004l\033[?1006l\033[?1002l\033[?1000l");
    if (is_synchronizing) append_reset("\033[?2026l");
    append_reset(tigetstr("sgr0"));
    append_reset(tigetstr("rmkx"));
    append_reset(tigetstr("cnorm"));
    append_reset(tigetstr("rmcup"));
    append_reset("\r\n");
}

static void redirect_errors(void) {
    if (log_descriptor < 0 || saved_error_descriptor >= 0) return;
    int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (saved < 0) return;
    saved_error_descriptor = saved;
    dup2(log_descriptor, STDERR_FILENO);
}

static void restore_errors(void) {
    int saved = saved_error_descriptor;
    if (saved < 0) return;
    saved_error_descriptor = -1;
    dup2(saved, STDERR_FILENO);
    close(saved);
}

static void open_descriptors(void) {
    sigset_t set;
    handled_signals(&set);
    if (signal_descriptor < 0) signal_descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    // Never closed: a task that ends after the console must not write into a descriptor that means something else.
    if (wake_descriptor < 0) wake_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static void enter_modes(void) {
    write_text("\033[?2004h\033[?1004h");
    ct_mouse(is_mouse_on);
}

static void leave_modes(void) {
    mousemask(0, NULL);
    write_text("\033[?1004l\033[?2004l");
}

int ct_open(const char *error_log, int uses_mouse) {
    if (screen != NULL) return CT_OPEN_OK;
    const char *terminal = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return CT_OPEN_NOT_A_TERMINAL;
    if (terminal == NULL || tcgetattr(STDIN_FILENO, &saved_termios) != 0) return CT_OPEN_UNKNOWN_TERMINAL;
    int error = 0;
    if (setupterm(terminal, STDOUT_FILENO, &error) != OK) return CT_OPEN_UNKNOWN_TERMINAL;
    const char *move = tigetstr("cup");
    if (move == NULL || move == (const char *)-1) return CT_OPEN_TOO_SIMPLE;

    ct_block_signals();
    open_descriptors();
    choose_locale(terminal);
    prepare_reset();
    // Ask the kernel for the size, always: LINES and COLUMNS in the environment would freeze it.
    use_env(FALSE);
    use_tioctl(TRUE);
    screen = newterm(NULL, stdout, stdin);
    if (screen == NULL) return CT_OPEN_UNKNOWN_TERMINAL;
    is_guarded = 1;
    if (error_log != NULL) log_descriptor = open(error_log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    redirect_errors();

    raw();
    noecho();
    nonl();
    set_escdelay(25);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    keyboard = newpad(1, 1);
    keypad(keyboard, TRUE);
    nodelay(keyboard, TRUE);
    define_key("\033[200~", EXTRA_PASTE_BEGIN);
    define_key("\033[201~", EXTRA_PASTE_END);
    define_key("\033[I", EXTRA_FOCUS_IN);
    define_key("\033[O", EXTRA_FOCUS_OUT);
    mouseinterval(0);
    is_mouse_on = uses_mouse;
    enter_modes();
    ct_sync_size();
    return CT_OPEN_OK;
}

void ct_close(void) {
    if (screen == NULL) return;
    leave_modes();
    endwin();
    tcsetattr(STDIN_FILENO, TCSADRAIN, &saved_termios);
    is_guarded = 0;
    restore_errors();
    if (log_descriptor >= 0) close(log_descriptor);
    log_descriptor = -1;
    delwin(keyboard);
    delscreen(screen);
    keyboard = NULL;
    screen = NULL;
}

// Giving the terminal away for a while

void ct_suspend(void) {
    if (screen == NULL) return;
    def_prog_mode();
    leave_modes();
    endwin();
    is_guarded = 0;
    restore_errors();
}

void ct_resume(void) {
    if (screen == NULL) return;
    redirect_errors();
    is_guarded = 1;
    reset_prog_mode();
    enter_modes();
    ct_sync_size();
    ct_invalidate();
}

// SIGTSTP would be lost: it is blocked, so that signalfd can report it. SIGSTOP cannot be.
void ct_stop(void) {
    ct_suspend();
    kill(getpid(), SIGSTOP);
    ct_resume();
}

static int wait_foreground(pid_t child) {
    int status = 0;
    for (;;) {
        if (waitpid(child, &status, WUNTRACED) < 0) {
            if (errno == EINTR) continue;
            return 127;
        }
        if (WIFEXITED(status)) return WEXITSTATUS(status);
        if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
        // The user stopped the command with ^Z. Stop as well, or the shell would never get its terminal back.
        kill(getpid(), SIGSTOP);
        kill(child, SIGCONT);
    }
}

int ct_run_foreground(char *const arguments[]) {
    sigset_t none, defaults;
    sigemptyset(&none);
    handled_signals(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGQUIT);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);

    ct_suspend();
    pid_t child = 0;
    int code = 127;
    if (posix_spawnp(&child, arguments[0], NULL, &attributes, arguments, environ) == 0) code = wait_foreground(child);
    posix_spawnattr_destroy(&attributes);
    // ^C and ^Z went to the whole foreground group and were meant for the command. SIGTERM and SIGHUP stay pending.
    sigset_t keys;
    sigemptyset(&keys);
    sigaddset(&keys, SIGINT);
    sigaddset(&keys, SIGTSTP);
    struct timespec now = {0, 0};
    while (sigtimedwait(&keys, NULL, &now) > 0) {
    }
    ct_resume();
    return code;
}

// Size, colours and drawing

void ct_size(int *rows, int *columns) {
    *rows = screen == NULL ? 0 : LINES;
    *columns = screen == NULL ? 0 : COLS;
}

void ct_sync_size(void) {
    struct winsize size;
    if (screen == NULL || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return;
    if (size.ws_row > 0 && size.ws_col > 0) resizeterm(size.ws_row, size.ws_col);
}

int ct_colors(void) { return screen == NULL || !has_colors() ? 0 : COLORS; }

int ct_is_unicode(void) { return is_unicode; }

void ct_mouse(int is_on) {
    is_mouse_on = is_on;
    mmask_t mask = BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON3_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED;
    mousemask(is_on ? mask : 0, NULL);
}

void ct_bell(void) { beep(); }

void ct_invalidate(void) { is_invalid = 1; }

// What the screen must not contain is replaced here, at the last gate: what the C library cannot print or would
// measure differently from the grid would shift every cell after it.
static void set_cell(cchar_t *target, const ct_cell *cell, int columns) {
    wchar_t text[CCHARW_MAX + 1] = {0};
    int count = 0;
    for (; count < 4 && cell->scalars[count] != 0; count++) text[count] = (wchar_t)cell->scalars[count];
    int is_plain = count == 1 && text[0] >= 0x20 && text[0] < 0x7f && columns == 1;
    if (!is_plain && (count == 0 || wcwidth(text[0]) != columns)) {
        text[0] = '?';
        text[1] = 0;
    }
    for (int index = 1; text[index] != 0; index++) {
        if (wcwidth(text[index]) != 0) text[index] = 0;
    }

    attr_t attributes = A_NORMAL;
    if (cell->attributes & CT_ATTRIBUTE_BOLD) attributes |= A_BOLD;
    if (cell->attributes & CT_ATTRIBUTE_DIM) attributes |= A_DIM;
    if (cell->attributes & CT_ATTRIBUTE_UNDERLINE) attributes |= A_UNDERLINE;
    if (cell->attributes & CT_ATTRIBUTE_REVERSE) attributes |= A_REVERSE;
    if (cell->attributes & CT_ATTRIBUTE_ITALIC) attributes |= A_ITALIC;
    int pair = 0;
    if ((cell->foreground >= 0 || cell->background >= 0) && has_colors()) {
        pair = alloc_pair(cell->foreground, cell->background);
        if (pair < 0) pair = 0;
    }
    setcchar(target, text, attributes, (short)(pair > SHRT_MAX ? 0 : pair), &pair);
}

void ct_blit(const ct_cell *cells, int rows, int columns, int cursor_row, int cursor_column) {
    if (screen == NULL) return;
    cchar_t line[1024];
    int row_count = rows < LINES ? rows : LINES;
    int column_count = columns < COLS ? columns : COLS;
    if (column_count > 1024) column_count = 1024;
    if (is_invalid) clearok(stdscr, TRUE);
    is_invalid = 0;
    for (int row = 0; row < row_count; row++) {
        const ct_cell *source = cells + (size_t)row * (size_t)columns;
        int count = 0;
        for (int column = 0; column < column_count;) {
            int width = column + 1 < columns && source[column + 1].scalars[0] == 0 ? 2 : 1;
            int fits = column + width <= column_count;
            set_cell(&line[count++], &source[column], fits ? width : 1);
            column += width;
        }
        mvwadd_wchnstr(stdscr, row, 0, line, count);
    }
    if (cursor_row >= 0 && cursor_row < LINES && cursor_column >= 0 && cursor_column < COLS) {
        curs_set(1);
        wmove(stdscr, cursor_row, cursor_column);
    } else {
        curs_set(0);
    }
    // Terminals that know synchronized updates show the frame in one piece; the others ignore the mark.
    if (is_synchronizing) write_text("\033[?2026h");
    wrefresh(stdscr);
    if (is_synchronizing) write_text("\033[?2026l");
}

// Input

static ct_key made_key(int kind, uint32_t code) {
    ct_key key = {kind, code, 0, 0};
    return key;
}

static ct_key mouse_key(void) {
    MEVENT event;
    if (getmouse(&event) != OK) return made_key(CT_KEY_SKIP, 0);
    ct_key key = {CT_KEY_MOUSE, 0, event.y, event.x};
    if (event.bstate & BUTTON1_PRESSED) {
        key.code = CT_MOUSE_PRESS;
    } else if (event.bstate & BUTTON1_RELEASED) {
        key.code = CT_MOUSE_RELEASE;
    } else if (event.bstate & BUTTON3_PRESSED) {
        key.code = CT_MOUSE_SECONDARY;
    } else if (event.bstate & BUTTON4_PRESSED) {
        key.code = CT_MOUSE_WHEEL_UP;
    } else if (event.bstate & BUTTON5_PRESSED) {
        key.code = CT_MOUSE_WHEEL_DOWN;
    } else {
        key.kind = CT_KEY_SKIP;
    }
    return key;
}

static ct_key function_key(wint_t code) {
    switch (code) {
        case KEY_UP: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_UP);
        case KEY_DOWN: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_DOWN);
        case KEY_LEFT: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_LEFT);
        case KEY_RIGHT: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_RIGHT);
        case KEY_HOME: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_HOME);
        case KEY_END: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_END);
        case KEY_PPAGE: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_PAGE_UP);
        case KEY_NPAGE: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_PAGE_DOWN);
        case KEY_IC: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_INSERT);
        case KEY_DC: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_DELETE);
        case KEY_BACKSPACE: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_BACKSPACE);
        case KEY_ENTER: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_ENTER);
        case KEY_BTAB: return made_key(CT_KEY_FUNCTION, CT_FUNCTION_BACK_TAB);
        case KEY_MOUSE: return mouse_key();
        case EXTRA_PASTE_BEGIN: return made_key(CT_KEY_PASTE_BEGIN, 0);
        case EXTRA_PASTE_END: return made_key(CT_KEY_PASTE_END, 0);
        case EXTRA_FOCUS_IN: return made_key(CT_KEY_FOCUS_IN, 0);
        case EXTRA_FOCUS_OUT: return made_key(CT_KEY_FOCUS_OUT, 0);
        default: break;
    }
    if (code > KEY_F0 && code <= KEY_F(24)) return made_key(CT_KEY_FUNCTION, CT_FUNCTION_F0 + (code - KEY_F0));
    return made_key(CT_KEY_SKIP, 0);
}

ct_key ct_read(void) {
    if (screen == NULL) return made_key(CT_KEY_NONE, 0);
    wint_t code = 0;
    int result = wget_wch(keyboard, &code);
    if (result == KEY_CODE_YES) return function_key(code);
    if (result == OK) return made_key(CT_KEY_CHARACTER, code);
    return made_key(CT_KEY_NONE, 0);
}

// Waiting

int ct_wait(int timeout_milliseconds) {
    struct pollfd descriptors[3] = {
        {STDIN_FILENO, POLLIN, 0}, {wake_descriptor, POLLIN, 0}, {signal_descriptor, POLLIN, 0}};
    if (poll(descriptors, 3, timeout_milliseconds) <= 0) return 0;
    int ready = 0;
    if (descriptors[0].revents & POLLIN) ready |= CT_WAIT_INPUT;
    if (descriptors[0].revents & (POLLHUP | POLLERR | POLLNVAL)) ready |= CT_WAIT_HANGUP;
    if (descriptors[1].revents & POLLIN) ready |= CT_WAIT_WAKE;
    if (descriptors[2].revents & POLLIN) ready |= CT_WAIT_SIGNAL;
    return ready;
}

int ct_next_signal(void) {
    struct signalfd_siginfo information;
    if (read(signal_descriptor, &information, sizeof information) != sizeof information) return CT_SIGNAL_NONE;
    switch (information.ssi_signo) {
        case SIGWINCH: return CT_SIGNAL_RESIZE;
        case SIGTSTP: return CT_SIGNAL_STOP;
        case SIGCONT: return CT_SIGNAL_CONTINUE;
        default: return CT_SIGNAL_TERMINATE;
    }
}

void ct_wake(void) {
    uint64_t one = 1;
    ssize_t written = write(wake_descriptor, &one, sizeof one);
    (void)written;  // A full counter is a wake-up that is already waiting.
}

void ct_clear_wake(void) {
    uint64_t count = 0;
    ssize_t taken = read(wake_descriptor, &count, sizeof count);
    (void)taken;  // Nothing to take means nobody woke us since.
}

// Crashes

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
enum { FATAL_SIGNAL_COUNT = sizeof fatal_signals / sizeof fatal_signals[0] };
static struct sigaction previous_actions[FATAL_SIGNAL_COUNT];

// Only async-signal-safe calls: endwin is not one of them.
static void handle_crash(int number, siginfo_t *information, void *context) {
    (void)context;
    int error = errno;
    if (is_guarded) {
        is_guarded = 0;
        write_all(STDOUT_FILENO, reset_text, reset_count);
        tcsetattr(STDIN_FILENO, TCSANOW, &saved_termios);
        if (saved_error_descriptor >= 0) dup2(saved_error_descriptor, STDERR_FILENO);
    }
    for (int index = 0; index < FATAL_SIGNAL_COUNT; index++) {
        if (fatal_signals[index] == number) sigaction(number, &previous_actions[index], NULL);
    }
    // A faulting instruction faults again on return and meets the previous handler. What was sent, or trapped past
    // its instruction, would not come again by itself.
    if (number == SIGTRAP || information == NULL || information->si_code <= 0) raise(number);
    errno = error;
}

void ct_guard_crash(void) {
    static int is_installed;
    if (is_installed) return;
    is_installed = 1;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handle_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < FATAL_SIGNAL_COUNT; index++) {
        sigaction(fatal_signals[index], &action, &previous_actions[index]);
    }
}
