// test_starved_limits.cpp - resource limits of the process: address space, file size, descriptors, threads; closed
// standard streams; an old kernel.
//
// Purpose     The documented error and one line on standard error, never a deadly signal; what does not need the
//             missing thing goes on; and the same process works again when the limit is raised.
// Source      statement Gen-30; LD-15; README "When the shared memory cannot be used".
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "tests/support/starve.h"

// The leak detector is a tracer, and reads /proc: it works neither without a descriptor nor after a change of the user.
// Nothing here is about leaks.
extern "C" const char *__asan_default_options() { return "detect_leaks=0"; }

namespace {

bool works(const char *name) {
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, name);
    return event != nullptr && WaitForSingleObject(event, 20) == WAIT_TIMEOUT && SetEvent(event) &&
           WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0 && CloseHandle(event);
}

rlim_t address_space() {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == nullptr || fscanf(file, "%lu", &pages) != 1) return 0;
    fclose(file);
    return static_cast<rlim_t>(pages) * 4096;
}

// Opens descriptors until there are none; returns the last one.
int use_up_descriptors() {
    int last = -1;
    for (int fd; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) last = fd;
    return last;
}

// A second thread that does what it is told by a pipe, so that it can exist before a limit is set.
struct Helper {
    int go[2];
    HANDLE event;
    DWORD result = kPoison;
    DWORD error = kPoison;
    pthread_t thread;
};

void *help(void *argument) {
    auto *helper = static_cast<Helper *>(argument);
    for (char what; read(helper->go[0], &what, 1) == 1 && what != 'e';) {
        helper->result = WaitForSingleObject(helper->event, what == 'w' ? 0 : 20'000);
        __atomic_store_n(&helper->error, GetLastError(), __ATOMIC_RELEASE);
    }
    return nullptr;
}

bool start(Helper &helper) {
    return pipe(helper.go) == 0 && pthread_create(&helper.thread, nullptr, help, &helper) == 0;
}
bool tell(Helper &helper, char what) { return write(helper.go[1], &what, 1) == 1; }
bool finish(Helper &helper) { return tell(helper, 'e') && pthread_join(helper.thread, nullptr) == 0; }

}  // namespace

// ---- address space ------------------------------------------------------------------------------------------------

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// A little more each time: first the segment does not fit, then the private tables beside it do not.
ROLE(little_address_space) {
    NEED(starve::own_shm("size=8m"), "a mount namespace of its own");
    const rlim_t before = address_space();
    int failures = 0, beside = 0;
    for (rlim_t more = 40 << 20;; more += more < (500 << 20) ? 120 << 20 : 128 << 10, ++failures) {
        WANT(failures < 400);
        WANT(starve::limit(RLIMIT_AS, before + more));
        SetLastError(kPoison);
        const HANDLE event = CreateEventA(nullptr, TRUE, FALSE, argument);
        if (event != nullptr) break;
        WANT(GetLastError() == ERROR_NOT_ENOUGH_MEMORY);
        WANT(starve::files_in_shm() == 0);
        WANT(address_space() <= before + (1 << 20));
        beside += more > (530 << 20);
    }
    WANT(failures > 5 && beside > 5);
    WANT(starve::limit(RLIMIT_AS, RLIM_INFINITY));
    WANT(works("address space"));
    return 0;
}

TEST(ce, Gen_30_without_address_space) { starve::thrives("little_address_space", NAME, 1, "no address space"); }

// A thread that has no memory for what it must note under a guard is refused before it gets there.
ROLE(thread_without_address_space) {
    Helper helper;
    helper.event = CreateEventA(nullptr, TRUE, TRUE, argument);
    WANT(helper.event != nullptr && start(helper));
    WANT(starve::limit(RLIMIT_AS, address_space()));
    WANT(tell(helper, 'w'));
    while (__atomic_load_n(&helper.error, __ATOMIC_ACQUIRE) == kPoison) usleep(500);
    WANT(helper.result == WAIT_FAILED && helper.error == ERROR_NOT_ENOUGH_MEMORY);
    WANT(WaitForSingleObject(helper.event, 0) == WAIT_OBJECT_0);  // who is attached needs none
    for (int i = 0; i < 3000; ++i) WANT(CreateMutexA(nullptr, TRUE, nullptr) != nullptr);
    WANT(works("attached"));
    WANT(starve::limit(RLIMIT_AS, RLIM_INFINITY));
    helper.error = kPoison;
    helper.result = kPoison;
    WANT(tell(helper, 'w') && finish(helper));
    WANT(helper.result == WAIT_OBJECT_0);
    return 0;
}

TEST(ce, Gen_30_a_thread_without_address_space) {
    starve::thrives("thread_without_address_space", NAME, 1, "no address space");
}
#endif

// ---- file size ----------------------------------------------------------------------------------------------------

// Standard error is a file, too: not even the explanation may be deadly.
ROLE(file_size_zero) {
    NEED(starve::own_shm("size=8m"), "a mount namespace of its own");
    WANT(starve::limit(RLIMIT_FSIZE, 0));
    FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    WANT(starve::files_in_shm() == 0);
    WANT(starve::limit(RLIMIT_FSIZE, 100 << 20));
    FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    WANT(starve::files_in_shm() == 0);
    WANT(starve::limit(RLIMIT_FSIZE, RLIM_INFINITY));
    WANT(works(argument));
    return 0;
}

TEST(ce, Gen_30_with_a_file_size_limit) { starve::thrives("file_size_zero", NAME, 1, "RLIMIT_FSIZE"); }

ROLE(file_size_zero_and_a_file_for_stderr) {
    NEED(starve::own_shm("size=8m"), "a mount namespace of its own");
    const int file = open("/dev/shm/messages", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    WANT(file >= 0 && dup2(file, STDERR_FILENO) == STDERR_FILENO);
    WANT(starve::limit(RLIMIT_FSIZE, 0));
    FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    sigset_t pending;
    WANT(sigpending(&pending) == 0 && sigismember(&pending, SIGXFSZ) == 0);
    return 0;
}

TEST(ce, Gen_30_with_a_file_size_limit_that_forbids_the_message) {
    starve::thrives("file_size_zero_and_a_file_for_stderr", NAME, 0);
}

ROLE(message_into_a_closed_pipe) {
    NEED(starve::own_shm("size=8k"), "a mount namespace of its own");
    int ends[2];
    WANT(pipe2(ends, O_CLOEXEC) == 0 && dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
    close(ends[0]);
    FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    return 0;
}

TEST(ce, Gen_30_a_message_into_a_closed_pipe) { starve::thrives("message_into_a_closed_pipe", NAME, 0); }

// The segment is there already: attaching, growing and blocking write no file, and the bell that cannot be made is
// none.
ROLE(file_size_zero_later) {
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, argument);
    WANT(event != nullptr);
    WANT(starve::limit(RLIMIT_FSIZE, 0));
    const pid_t child = fork();
    if (child == 0) _exit(WaitForSingleObject(event, 20'000) == WAIT_OBJECT_0 && works("child") ? 0 : 1);
    WANT(WaitForSingleObject(event, 100) == WAIT_TIMEOUT);
    for (int i = 0; i < 3000; ++i) WANT(CreateMutexA(nullptr, TRUE, nullptr) != nullptr);
    WANT(SetEvent(event));
    int status = -1;
    WANT(waitpid(child, &status, 0) == child && status == 0);
    return 0;
}

TEST(ce, Gen_30_a_file_size_limit_on_a_process_that_runs) { starve::thrives("file_size_zero_later", NAME, 0); }

// ---- descriptors --------------------------------------------------------------------------------------------------

ROLE(no_descriptor) {
    NEED(starve::own_shm("size=8m"), "a mount namespace of its own");
    Helper helper;
    WANT(start(helper));
    WANT(starve::limit(RLIMIT_NOFILE, 64));
    const int last = use_up_descriptors();
    FAILS(CreateEventA(nullptr, FALSE, FALSE, argument), nullptr, ERROR_TOO_MANY_OPEN_FILES);
    FAILS(OpenEventA(EVENT_ALL_ACCESS, FALSE, argument), nullptr, ERROR_TOO_MANY_OPEN_FILES);
    WANT(close(last) == 0);
    helper.event = CreateEventA(nullptr, FALSE, FALSE, argument);
    WANT(helper.event != nullptr && use_up_descriptors() == last);
    // Attached, nothing needs one: another thread's first call, waits that block (without a bell), signals, growth.
    WANT(tell(helper, 'W'));
    usleep(50'000);  // it may have blocked by now; if not, the event is set before: both must end well
    WANT(SetEvent(helper.event) && finish(helper) && helper.result == WAIT_OBJECT_0);
    for (int i = 0; i < 3000; ++i) WANT(CreateMutexA(nullptr, TRUE, nullptr) != nullptr);
    WANT(works("no descriptor"));
    return 0;
}

TEST(ce, Gen_30_without_a_descriptor) { starve::thrives("no_descriptor", NAME, 1, "no file descriptor"); }

// The sleeper has a bell, but the signaler cannot open it: the sleeper looks once a second.
TEST(ce, Gen_30_a_signaler_without_a_descriptor_wakes_a_sleeper) {
    Actor sleeper = process_actor();
    const HANDLE theirs = sleeper.made(step::create_event(FALSE, FALSE, NAME), 0);
    sleeper.start(step::wait(theirs, INFINITE));
    sleeper.expect_blocked();
    starve::thrives("signal_without_descriptor", NAME, 0, nullptr, "");
    sleeper.expect(WAIT_OBJECT_0, SAME);
}

ROLE(signal_without_descriptor) {
    const HANDLE event = OpenEventA(EVENT_ALL_ACCESS, FALSE, argument);
    WANT(event != nullptr);
    WANT(starve::limit(RLIMIT_NOFILE, 64) && use_up_descriptors() > 0);
    WANT(SetEvent(event));
    return 0;
}

// Standard streams closed: their numbers are not given to files of ours, and no message goes into such a file.
ROLE(closed_streams) {
    NEED(starve::own_shm("size=8m"), "a mount namespace of its own");
    char path[300] = "";
    const pid_t child = fork();
    if (child == 0) exit(CreateEventA(nullptr, TRUE, FALSE, nullptr) != nullptr && raise(SIGKILL) == 0);
    int status = -1;
    WANT(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    DIR *directory = opendir("/dev/shm");
    while (const dirent *entry = readdir(directory))
        if (entry->d_name[0] == 'w') snprintf(path, sizeof path, "/dev/shm/%s", entry->d_name);
    closedir(directory);
    WANT(*path != 0 && unlink(path) == 0);
    WANT(starve::write_text(path, "not a segment, and of some length") && chmod(path, 0600) == 0);
    const int result = dup(STDOUT_FILENO);
    close(STDERR_FILENO);
    SetLastError(0);
    const bool refused = CreateEventA(nullptr, TRUE, FALSE, argument) == nullptr &&
                         GetLastError() == ERROR_REVISION_MISMATCH;
    char text[64] = "";
    FILE *file = fopen(path, "r");
    const bool untouched = file != nullptr && fgets(text, sizeof text, file) != nullptr &&
                           strcmp(text, "not a segment, and of some length") == 0 && fclose(file) == 0;
    unlink(path);
    for (int fd = 0; fd <= STDERR_FILENO; ++fd) close(fd);
    const bool worked = works(argument);
    const bool free = fcntl(0, F_GETFD) < 0 && fcntl(1, F_GETFD) < 0 && fcntl(2, F_GETFD) < 0;
    dup2(result, STDOUT_FILENO);
    WANT(refused);
    WANT(untouched);
    WANT(worked);
    WANT(free);
    return 0;
}

TEST(ce, Gen_30_with_closed_standard_streams) { starve::thrives("closed_streams", NAME, 0); }

// ---- threads ------------------------------------------------------------------------------------------------------

// No hidden thread: the death of an owner is found by the sleeper's own look.
ROLE(no_hidden_thread) {
    NEED(starve::own_shm("mode=1777") && setgid(65533) == 0 && setuid(65533) == 0, "the right to become another user");
    int ready[2];
    WANT(pipe(ready) == 0);
    const pid_t owner = fork();
    if (owner == 0) {
        if (CreateMutexA(nullptr, TRUE, argument) == nullptr || write(ready[1], "", 1) != 1) _exit(1);
        for (;;) pause();
    }
    char byte;
    WANT(read(ready[0], &byte, 1) == 1);
    const HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, argument);
    WANT(mutex != nullptr);
    WANT(starve::limit(RLIMIT_NPROC, 1));
    pthread_t none;
    NEED(pthread_create(&none, nullptr, help, nullptr) != 0, "a limit on threads that holds for this user");
    WANT(WaitForSingleObject(mutex, 200) == WAIT_TIMEOUT);
    WANT(kill(owner, SIGKILL) == 0 && waitpid(owner, nullptr, 0) == owner);
    WANT(WaitForSingleObject(mutex, 20'000) == WAIT_ABANDONED);
    WANT(ReleaseMutex(mutex));
    return 0;
}

TEST(ce, Gen_30_without_a_hidden_thread) { starve::thrives("no_hidden_thread", NAME, 0); }

// ---- an old kernel ------------------------------------------------------------------------------------------------

// madvise(MADV_POPULATE_WRITE) as before Linux 5.14: memory is committed by another way, and a full /dev/shm is found.
ROLE(old_kernel) {
    NEED(starve::own_shm("size=1m"), "a mount namespace of its own");
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 23, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{sizeof code / sizeof *code, code};
    NEED(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0,
         "a filter of system calls");
    int count = 0;
    static HANDLE made[20000];
    while (count < 20000 && (made[count] = CreateEventA(nullptr, FALSE, TRUE, nullptr)) != nullptr) ++count;
    WANT(count > 1000 && count < 20000);
    WANT(GetLastError() == ERROR_NO_SYSTEM_RESOURCES);
    for (int i = 0; i < count; ++i) WANT(WaitForSingleObject(made[i], 0) == WAIT_OBJECT_0);
    WANT(CloseHandle(made[--count]));
    WANT(works(nullptr));
    return 0;
}

TEST(ce, Gen_30_committing_memory_on_an_old_kernel) { starve::thrives("old_kernel", NAME, 1, "is full"); }

int main(int argc, char **argv) { return test_main(argc, argv); }
