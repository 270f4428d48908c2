/* test_dlopen.c - a program that is not linked with the library, and loads it when it runs.
 *
 * Purpose     dlopen, calls, dlclose, dlopen again, from the first thread and from others. Once loaded, the library
 *             stays (nodelete): handles, blocked threads, owned mutexes, the fork handlers and the orderly end do not
 *             care about dlclose. Built without a dependency on libwinshim.so: each test begins by showing it.
 * Invariants  Each test runs in a child of its own, so that each begins without the library.
 * Source      README: "can be given winshim"; architecture, section 10.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <windows.h>

#define PATIENCE 20000

/* By its path: sanitizers call dlopen on the program's behalf, and then the program's own search path does not count.
 * */
static char library_path[1100];

static int find_library(void) {
    char program[1000];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) return 0;
    program[length] = 0;
    *strrchr(program, '/') = 0;
    snprintf(library_path, sizeof library_path, "%s/../libwinshim.so.0", program);
    return access(library_path, R_OK) == 0;
}

/* Only the types of the calls are taken from the headers; the addresses come from dlsym. */
struct calls {
    void *library;
    __typeof__(&CreateEventA) create_event;
    __typeof__(&CreateMutexA) create_mutex;
    __typeof__(&SetEvent) set;
    __typeof__(&ReleaseMutex) release;
    __typeof__(&CloseHandle) close;
    __typeof__(&WaitForSingleObject) wait;
};

#define SURE(condition)                                                           \
    do {                                                                          \
        if (!(condition)) {                                                       \
            fprintf(stderr, "line %d: not so: %s\n", __LINE__, #condition);       \
            return 0;                                                             \
        }                                                                         \
    } while (0)

static int load(struct calls *c) {
    c->library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (c->library == NULL) fprintf(stderr, "%s\n", dlerror());
    SURE(c->library != NULL);
    *(void **)&c->create_event = dlsym(c->library, "CreateEventA");
    *(void **)&c->create_mutex = dlsym(c->library, "CreateMutexA");
    *(void **)&c->set = dlsym(c->library, "SetEvent");
    *(void **)&c->release = dlsym(c->library, "ReleaseMutex");
    *(void **)&c->close = dlsym(c->library, "CloseHandle");
    *(void **)&c->wait = dlsym(c->library, "WaitForSingleObject");
    SURE(c->create_event && c->create_mutex && c->set && c->release && c->close && c->wait);
    return 1;
}

static int is_loaded(void) {
    void *library = dlopen(library_path, RTLD_NOW | RTLD_NOLOAD);
    if (library != NULL) dlclose(library);
    return library != NULL;
}

/* Runs `body` in a child; it ends by exit, so that the library's own end is part of the test. */
static void passes(int (*body)(void)) {
    int status = -1;
    assert_false(is_loaded());
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(3 * PATIENCE / 1000);
        exit(body() ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* Threads return their argument if all was right. */
static int run(void *(*body)(void *)) {
    pthread_t thread;
    void *result = NULL;
    static int right;
    SURE(pthread_create(&thread, NULL, body, &right) == 0 && pthread_join(thread, &result) == 0);
    return result == &right;
}

/* ---- the first thread -------------------------------------------------------------------------------------------- */

static int works(const struct calls *c, HANDLE event) {
    SURE(c->wait(event, 20) == WAIT_TIMEOUT && c->set(event) && c->wait(event, PATIENCE) == WAIT_OBJECT_0);
    return 1;
}

static int loaded_twice(void) {
    struct calls c, again;
    SURE(load(&c));
    const HANDLE event = c.create_event(NULL, FALSE, FALSE, "kept open");
    SURE(event != NULL && works(&c, event) && dlclose(c.library) == 0);
    SURE(is_loaded() && works(&c, event));
    SURE(load(&again) && again.set == c.set && works(&again, event));
    SURE(dlclose(again.library) == 0 && works(&c, event));
    return 1;
}

static void the_library_stays_with_its_handles(void **state) {
    (void)state;
    passes(loaded_twice);
}

/* ---- a second thread --------------------------------------------------------------------------------------------- */

static void *takes_a_mutex_and_closes(void *right) {
    struct calls c;
    if (!load(&c)) return NULL;
    const HANDLE mutex = c.create_mutex(NULL, FALSE, "taken by a thread");
    const HANDLE event = c.create_event(NULL, FALSE, FALSE, NULL);
    if (mutex == NULL || c.wait(mutex, 0) != WAIT_OBJECT_0 || !works(&c, event)) return NULL;
    return dlclose(c.library) == 0 ? right : NULL; /* the end of this thread is the library's, too */
}

static int loaded_by_a_thread(void) {
    struct calls c;
    SURE(run(takes_a_mutex_and_closes) && load(&c));
    const HANDLE mutex = c.create_mutex(NULL, FALSE, "taken by a thread");
    SURE(c.wait(mutex, PATIENCE) == WAIT_ABANDONED && c.release(mutex));
    SURE(dlclose(c.library) == 0 && run(takes_a_mutex_and_closes));
    SURE(c.wait(mutex, PATIENCE) == WAIT_ABANDONED);
    return 1;
}

static void a_thread_that_loads_and_closes_it_ends_in_order(void **state) {
    (void)state;
    passes(loaded_by_a_thread);
}

/* ---- closed under a wait ----------------------------------------------------------------------------------------- */

static struct calls shared;
static HANDLE ready, go;

static void *waits(void *right) {
    return shared.set(ready) && shared.wait(go, PATIENCE) == WAIT_OBJECT_0 ? right : NULL;
}

static int closed_under_a_wait(void) {
    pthread_t thread;
    void *result = NULL;
    int right;
    SURE(load(&shared));
    ready = shared.create_event(NULL, FALSE, FALSE, NULL);
    go = shared.create_event(NULL, FALSE, FALSE, NULL);
    SURE(pthread_create(&thread, NULL, waits, &right) == 0 && shared.wait(ready, PATIENCE) == WAIT_OBJECT_0);
    usleep(50000); /* so that it is asleep, mostly; nothing is ordered by it */
    SURE(dlclose(shared.library) == 0);
    struct calls again;
    SURE(load(&again) && again.set(go) && pthread_join(thread, &result) == 0 && result == &right);
    return 1;
}

static void a_wait_goes_on_when_the_library_is_closed(void **state) {
    (void)state;
    passes(closed_under_a_wait);
}

/* ---- again and again --------------------------------------------------------------------------------------------- */

static void *loads_often(void *right) {
    for (int i = 0; i < 100; ++i) {
        struct calls c;
        if (!load(&c)) return NULL;
        const HANDLE event = c.create_event(NULL, FALSE, TRUE, NULL);
        if (c.wait(event, 0) != WAIT_OBJECT_0 || c.wait(event, i % 10 == 0) != WAIT_TIMEOUT) return NULL;
        if (!c.close(event) || dlclose(c.library) != 0) return NULL;
    }
    return right;
}

static int loaded_often(void) {
    pthread_t thread;
    void *result = NULL;
    int right;
    SURE(pthread_create(&thread, NULL, loads_often, &right) == 0);
    const int mine = loads_often(&right) == &right;
    SURE(pthread_join(thread, &result) == 0 && result == &right && mine);
    return 1;
}

static void two_threads_load_and_close_it_often(void **state) {
    (void)state;
    passes(loaded_often);
}

/* ---- fork -------------------------------------------------------------------------------------------------------- */

static int forked_after_dlclose(void) {
    struct calls c;
    int status = -1;
    SURE(load(&c));
    const HANDLE event = c.create_event(NULL, FALSE, FALSE, NULL), mutex = c.create_mutex(NULL, TRUE, NULL);
    SURE(dlclose(c.library) == 0);
    const pid_t child = fork();
    if (child == 0) _exit(c.wait(mutex, 0) == WAIT_TIMEOUT && c.set(event) ? 0 : 1);
    SURE(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    SURE(c.wait(event, PATIENCE) == WAIT_OBJECT_0 && c.release(mutex));
    return 1;
}

static void fork_after_dlclose_shares_the_handles(void **state) {
    (void)state;
    passes(forked_after_dlclose);
}

int main(void) {
    char name_space[32];
    if (!find_library()) return 2;
    snprintf(name_space, sizeof name_space, "test-%d", (int)getpid());
    setenv("WINSHIM_NAMESPACE", name_space, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_library_stays_with_its_handles),
        cmocka_unit_test(a_thread_that_loads_and_closes_it_ends_in_order),
        cmocka_unit_test(a_wait_goes_on_when_the_library_is_closed),
        cmocka_unit_test(two_threads_load_and_close_it_often),
        cmocka_unit_test(fork_after_dlclose_shares_the_handles),
    };
    return cmocka_run_group_tests_name("test_dlopen", tests, NULL, NULL);
}
