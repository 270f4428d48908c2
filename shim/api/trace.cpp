// trace.cpp - WINSHIM_TRACE: loads libwinshim-trace.so, which lies beside this library, and tells it about handles.
//
// Purpose     All that the trace costs a program that is not traced: one look into the environment when it starts. No
//             export knows of it: the library that is loaded leads the callers to its own entry points, and leaves the
//             code here as it is (shim/trace/install.cpp).
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "shim/api/convert.h"
#include "shim/file/beside.h"
#include "shim/file/descriptor.h"
#include "shim/object/kinds.h"
#include "shim/relay/inside.h"

namespace winshim::api {
namespace {

// The name of an object as the segment has it now; 0 if the cell is no longer the object's.
unsigned copy_name(wait::Target target, char* to, unsigned room) noexcept {
    const u32 head = shm::object(target.object).name.get();
    if (head == 0) return 0;
    const u64 owner = (u64{target.object} << 28) | target.generation;
    const auto is_his = [&] { return shm::cell(head).head.object.get() == owner; };
    const u32 length = shm::cell(head).head.length.get() < room ? shm::cell(head).head.length.get() : room;
    u32 at = 0, from = head;
    for (; is_his() && at < length && at < shm::kHeadText; ++at)
        to[at] = static_cast<char>(shm::cell(head).head.text[at].get());
    while (at < length) {
        from = shm::cell(from).more.get();
        if (from == 0 || !is_his()) return 0;
        for (u32 i = 0; i < shm::kCellText && at < length; ++i, ++at)
            to[at] = static_cast<char>(shm::cell(from).text[i].get());
    }
    return is_his() ? at : 0;
}

int describe_descriptor(int descriptor, const char** type, char* name, unsigned room) noexcept {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, name, room);
    if (length < 0) return -1;
    *type = "file";
    return static_cast<int>(length);
}

int describe(void* handle, const char** type, char* name, unsigned room) noexcept {
    if (handle == GetCurrentProcess()) return *type = "this process", 0;
    if (handle == GetCurrentThread()) return *type = "this thread", 0;
    if (file::is_descriptor(handle)) return describe_descriptor(file::descriptor_of(handle), type, name, room);
    if (fork_mark.value.load(std::memory_order_acquire) == 0) return -1;  // this process has no handle yet
    const u64 entry = handle::peek(handle);
    if (!handle::is_open(entry)) return -1;
    const wait::Target target = handle::target(entry);
    const KindInfo* const info = kind_info(static_cast<Kind>(shm::object(target.object).type.get()));
    if (info == nullptr ||
        !state::is_live(shm::object(target.object).state.load(std::memory_order_acquire), target.generation))
        return -1;
    *type = info->label;
    return static_cast<int>(copy_name(target, name, room));
}

u32* address_of_last_error() noexcept { return &last_error; }

const char* begin(const char* target) noexcept {
    Dl_info info;
    void* library = nullptr;
    if (dladdr1(reinterpret_cast<const void*>(&describe), &info, &library, RTLD_DL_LINKMAP) == 0) return "no module";
    void* const trace = file::open_beside("libwinshim-trace.so", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (trace == nullptr) return dlerror();
    const auto start = reinterpret_cast<relay::Begin>(dlsym(trace, "winshim_trace_begin"));
    if (start == nullptr) return "libwinshim-trace.so is another library";
    return start({.version = WINSHIM_VERSION, .library = library, .target = target, .last_error = address_of_last_error,
                  .describe = describe});
}

__attribute__((constructor)) void begin_trace() noexcept {
    const char* const target = secure_getenv("WINSHIM_TRACE");
    if (target == nullptr || *target == '\0') return;
    const KeepErrno keep;
    if (const char* const trouble = begin(target)) fprintf(stderr, "winshim: there will be no trace: %s\n", trouble);
}

}  // namespace
}  // namespace winshim::api
