// thread_start.cpp - making a thread and its object.
#include "shim/process/thread_start.h"

#include <climits>
#include <csignal>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/handle/birth.h"
#include "shim/object/kind.h"
#include "shim/process/attach.h"
#include "shim/process/identity.h"
#include "shim/process/interrupt.h"

namespace winshim::process {
namespace {

// On the creator's stack until `ready`.
struct Start {
    NewThread wanted;
    wait::Target object;
    u32 tid = 0;
    Status status = Status::success;
    std::atomic<u32> ready{0};
};

void say_ready(Start& start) noexcept {
    start.ready.store(1, std::memory_order_release);
    // The creator may be gone as soon as it sees that: the address is only a number to the kernel.
    syscall(SYS_futex, &start.ready, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void wait_until_ready(Start& start) noexcept {
    while (start.ready.load(std::memory_order_acquire) == 0)
        syscall(SYS_futex, &start.ready, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
}

// Not noexcept: ExitThread unwinds the stack through here.
void* main_of_thread(void* argument) {
    Start& start = *static_cast<Start*>(argument);
    const NewThread mine = start.wanted;
    Status status = ensure_attached();
    if (status == Status::success) status = adopt_object(start.object);
    if (status == Status::success && mine.suspended) begin_suspended();
    start.tid = static_cast<u32>(gettid());
    start.status = status;
    say_ready(start);
    if (status != Status::success) return nullptr;
    sleep_while_stopped();
    run_apcs();  // those queued before it first ran
    set_exit_code(mine.routine(mine.argument));
    return nullptr;
}

// A size below the system's default is what shall be committed at first, unless the caller calls it a reservation: it
// gives it as a number of bytes that suffices.
bool make_attributes(pthread_attr_t& attributes, std::size_t stack_bytes) noexcept {
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (stack_bytes == 0) return true;
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t least = static_cast<std::size_t>(PTHREAD_STACK_MIN) + 16 * page;
    const std::size_t bytes = stack_bytes < least ? least : (stack_bytes + page - 1) / page * page;
    return pthread_attr_setstacksize(&attributes, bytes) == 0;
}

Status start_thread(Start& start) noexcept {
    pthread_attr_t attributes;
    pthread_t thread;
    if (!make_attributes(attributes, start.wanted.stack_bytes)) return Status::not_enough_memory;
    const bool made = pthread_create(&thread, &attributes, main_of_thread, &start) == 0;
    pthread_attr_destroy(&attributes);
    if (!made) return Status::not_enough_memory;
    wait_until_ready(start);
    return start.status;
}

}  // namespace

Result<CreatedThread> create_thread(const NewThread& wanted) noexcept {
    if (const Status s = ensure_attached(); s != Status::success) return fail<CreatedThread>(s);
    const Result<u32> index = handle::reserve();
    if (!index) return fail<CreatedThread>(index.status);
    const handle::NewObject object{.kind = Kind::thread, .rule = Rule::notification,
                                   .access_and_flags = wanted.access_and_flags};
    const Result<u32> slot = handle::claim(object);
    if (!slot) {
        handle::unreserve(index.value);
        return fail<CreatedThread>(slot.status);
    }
    handle::bring_to_life(object, slot.value, index.value);
    const handle::Handle made = handle::to_handle(index.value);
    Start start{.wanted = wanted, .object = handle::target_of(slot.value)};
    if (const Status s = start_thread(start); s != Status::success) {
        static_cast<void>(handle::close(made));  // and with it the object
        return fail<CreatedThread>(s);
    }
    return {Status::success, {made, start.tid}};
}

void set_exit_code(u32 code) noexcept {
    if (attached()) shm::thread(self.id - 1).exit_code.set(code);
}

}  // namespace winshim::process
