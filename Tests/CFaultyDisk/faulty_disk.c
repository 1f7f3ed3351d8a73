#include "faulty_disk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 16, NAME_LIMIT = 256, PATH_LIMIT = 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char watched[PATH_LIMIT];
static char names[FILE_LIMIT][NAME_LIMIT];
static int32_t file_count;
static fd_event *events;
static size_t event_count, event_room;
static enum fd_fault fault;
static int64_t fault_passes;

// --- The log -----------------------------------------------------------------------------------------------------

static void append(int32_t kind, int32_t file, int64_t offset, int64_t length, const void *bytes) {
    if (event_count == event_room) {
        size_t room = event_room ? event_room * 2 : 1024;
        fd_event *grown = realloc(events, room * sizeof *grown);
        if (!grown) abort();
        events = grown;
        event_room = room;
    }
    uint8_t *copy = NULL;
    if (bytes && length > 0) {
        copy = malloc((size_t)length);
        if (!copy) abort();
        memcpy(copy, bytes, (size_t)length);
    }
    events[event_count++] = (fd_event){kind, file, offset, length, copy};
}

/// The number of a watched file; -1 for one that passes.
static int32_t number_of(const char *path) {
    if (!path || !watched[0] || strncmp(path, watched, strlen(watched)) != 0) return -1;
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    for (int32_t file = 0; file < file_count; file++)
        if (strcmp(names[file], name) == 0) return file;
    if (file_count == FILE_LIMIT || strlen(name) >= NAME_LIMIT) return -1;
    strcpy(names[file_count], name);
    return file_count++;
}

static int is_due(enum fd_fault kind) {
    if (fault != kind) return 0;
    if (fault_passes > 0) {
        fault_passes--;
        return 0;
    }
    return 1;
}

// --- One file ----------------------------------------------------------------------------------------------------

typedef struct {
    sqlite3_file base;
    int32_t file;
    sqlite3_file *real;
} layered;

static sqlite3_file *real_of(sqlite3_file *file) { return ((layered *)file)->real; }
static int32_t number_in(sqlite3_file *file) { return ((layered *)file)->file; }

static int l_close(sqlite3_file *f) {
    return real_of(f)->pMethods ? real_of(f)->pMethods->xClose(real_of(f)) : SQLITE_OK;
}
static int l_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
    return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int l_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
    if (number_in(f) < 0) return real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
    pthread_mutex_lock(&lock);
    int code = is_due(FD_FAIL_WRITE) ? SQLITE_IOERR_WRITE : is_due(FD_FAIL_FULL) ? SQLITE_FULL : SQLITE_OK;
    if (code == SQLITE_OK) append(FD_WRITE, number_in(f), at, n, from);
    pthread_mutex_unlock(&lock);
    return code == SQLITE_OK ? real_of(f)->pMethods->xWrite(real_of(f), from, n, at) : code;
}

static int l_truncate(sqlite3_file *f, sqlite3_int64 size) {
    if (number_in(f) >= 0) {
        pthread_mutex_lock(&lock);
        append(FD_TRUNCATE, number_in(f), size, 0, NULL);
        pthread_mutex_unlock(&lock);
    }
    return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int l_sync(sqlite3_file *f, int flags) {
    if (number_in(f) < 0) return real_of(f)->pMethods->xSync(real_of(f), flags);
    pthread_mutex_lock(&lock);
    int code = is_due(FD_FAIL_SYNC) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    pthread_mutex_unlock(&lock);
    if (code != SQLITE_OK) return code;
    code = real_of(f)->pMethods->xSync(real_of(f), flags);
    if (code == SQLITE_OK) {
        // Only what was written before the call began is certainly stored, and the writer waits for the call.
        pthread_mutex_lock(&lock);
        append(FD_SYNC, number_in(f), 0, 0, NULL);
        pthread_mutex_unlock(&lock);
    }
    return code;
}

static int l_size(sqlite3_file *f, sqlite3_int64 *size) { return real_of(f)->pMethods->xFileSize(real_of(f), size); }
static int l_lock(sqlite3_file *f, int level) { return real_of(f)->pMethods->xLock(real_of(f), level); }
static int l_unlock(sqlite3_file *f, int level) { return real_of(f)->pMethods->xUnlock(real_of(f), level); }
static int l_reserved(sqlite3_file *f, int *out) { return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out); }
static int l_control(sqlite3_file *f, int op, void *arg) {
    // A write that went around us would be lost in the log, so mapped and batched writing is declined.
    if (op == SQLITE_FCNTL_MMAP_SIZE) *(sqlite3_int64 *)arg = 0;
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}
static int l_sector(sqlite3_file *f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); }
static int l_traits(sqlite3_file *f) {
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)) & ~SQLITE_IOCAP_BATCH_ATOMIC;
}
static int l_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
    return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}
static int l_shm_lock(sqlite3_file *f, int at, int n, int flags) {
    return real_of(f)->pMethods->xShmLock(real_of(f), at, n, flags);
}
static void l_shm_barrier(sqlite3_file *f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); }
static int l_shm_unmap(sqlite3_file *f, int remove) { return real_of(f)->pMethods->xShmUnmap(real_of(f), remove); }

static const sqlite3_io_methods methods = {
    2,      l_close,  l_read,   l_write,    l_truncate, l_sync,   l_size,     l_lock,        l_unlock,
    l_reserved, l_control, l_sector, l_traits, l_shm_map, l_shm_lock, l_shm_barrier, l_shm_unmap, NULL, NULL,
};

// --- The layer ---------------------------------------------------------------------------------------------------

static sqlite3_vfs *system_vfs;

static int v_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *out) {
    (void)vfs;
    layered *file = (layered *)f;
    file->real = (sqlite3_file *)(file + 1);
    file->real->pMethods = NULL;
    pthread_mutex_lock(&lock);
    file->file = number_of(path);
    pthread_mutex_unlock(&lock);
    int code = system_vfs->xOpen(system_vfs, path, file->real, flags, out);
    f->pMethods = code == SQLITE_OK ? &methods : NULL;
    return code;
}

static int v_delete(sqlite3_vfs *vfs, const char *path, int sync) {
    (void)vfs;
    int code = system_vfs->xDelete(system_vfs, path, sync);
    pthread_mutex_lock(&lock);
    int32_t file = number_of(path);
    if (code == SQLITE_OK && file >= 0) append(FD_DELETE, file, 0, 0, NULL);
    pthread_mutex_unlock(&lock);
    return code;
}

int fd_install(void) {
    static sqlite3_vfs layer;
    pthread_mutex_lock(&lock);
    int code = SQLITE_OK;
    if (!system_vfs) {
        code = sqlite3_initialize();
        system_vfs = sqlite3_vfs_find(NULL);
        layer = *system_vfs;
        layer.zName = "faulty-disk";
        layer.szOsFile = (int)sizeof(layered) + system_vfs->szOsFile;
        layer.pNext = NULL;
        layer.xOpen = v_open;
        layer.xDelete = v_delete;
        if (code == SQLITE_OK) code = sqlite3_vfs_register(&layer, 1);
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static void forget(void) {
    for (size_t i = 0; i < event_count; i++) free((void *)events[i].bytes);
    event_count = 0;
    file_count = 0;
    watched[0] = 0;
    fault = FD_FAIL_NOTHING;
}

void fd_watch(const char *directory) {
    pthread_mutex_lock(&lock);
    forget();
    strncpy(watched, directory, sizeof watched - 1);
    pthread_mutex_unlock(&lock);
}

void fd_release(void) {
    pthread_mutex_lock(&lock);
    forget();
    pthread_mutex_unlock(&lock);
}

void fd_mark(int64_t number) {
    pthread_mutex_lock(&lock);
    append(FD_MARK, -1, number, 0, NULL);
    pthread_mutex_unlock(&lock);
}

size_t fd_event_count(void) {
    pthread_mutex_lock(&lock);
    size_t count = event_count;
    pthread_mutex_unlock(&lock);
    return count;
}

fd_event fd_event_at(size_t index) {
    pthread_mutex_lock(&lock);
    fd_event event = index < event_count ? events[index] : (fd_event){0};
    pthread_mutex_unlock(&lock);
    return event;
}

int32_t fd_file_count(void) {
    pthread_mutex_lock(&lock);
    int32_t count = file_count;
    pthread_mutex_unlock(&lock);
    return count;
}

const char *fd_file_name(int32_t file) { return file >= 0 && file < FILE_LIMIT ? names[file] : ""; }

void fd_fail(enum fd_fault kind, int64_t passes) {
    pthread_mutex_lock(&lock);
    fault = kind;
    fault_passes = passes;
    pthread_mutex_unlock(&lock);
}

void fd_heal(void) { fd_fail(FD_FAIL_NOTHING, 0); }
