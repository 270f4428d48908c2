// crt_misc.cpp - Microsoft's additions to the C library: streams, calendars, aligned memory (winshim_crt.h).
// Source      "fopen_s", "localtime_s", "_ftime", "_aligned_malloc", "_aligned_realloc".
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shim/base/sdk.h"
#include "shim/next/next.h"

using namespace winshim;

errno_t fopen_s(FILE** stream, const char* name, const char* mode) {
    if (stream == nullptr) return EINVAL;
    *stream = nullptr;
    if (name == nullptr || mode == nullptr) return EINVAL;
    *stream = fopen(name, mode);
    return *stream != nullptr ? 0 : errno;
}

errno_t localtime_s(struct tm* to, const time_t* from) {
    if (to == nullptr || from == nullptr || *from < 0) return EINVAL;
    return localtime_r(from, to) != nullptr ? 0 : EINVAL;
}
errno_t gmtime_s(struct tm* to, const time_t* from) {
    if (to == nullptr || from == nullptr || *from < 0) return EINVAL;
    return gmtime_r(from, to) != nullptr ? 0 : EINVAL;
}

void _ftime(struct _timeb* to) {
    const KeepErrno keep;
    struct timespec now;
    struct tm here;
    clock_gettime(CLOCK_REALTIME, &now);
    *to = {.time = now.tv_sec, .millitm = static_cast<unsigned short>(now.tv_nsec / 1'000'000),
           .timezone = 0, .dstflag = 0};
    if (localtime_r(&now.tv_sec, &here) == nullptr) return;
    const long saved = here.tm_isdst > 0 ? 3600 : 0;
    to->timezone = static_cast<short>((saved - here.tm_gmtoff) / 60);
    to->dstflag = here.tm_isdst > 0 ? 1 : 0;
}

void* _aligned_malloc(size_t size, size_t alignment) {
    WINSHIM_LEAVE(_aligned_malloc, memory, size, alignment);
    void* memory = nullptr;
    const std::size_t least = alignment < sizeof(void*) ? sizeof(void*) : alignment;
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) return errno = EINVAL, nullptr;
    if (const int error = posix_memalign(&memory, least, size); error != 0) return errno = error, nullptr;
    return memory;
}

void* _aligned_realloc(void* memory, size_t size, size_t alignment) {
    WINSHIM_LEAVE(_aligned_realloc, memory, memory, size, alignment);
    if (memory == nullptr) return _aligned_malloc(size, alignment);
    if (size == 0) return free(memory), nullptr;
    void* const moved = _aligned_malloc(size, alignment);
    if (moved == nullptr) return nullptr;
    const std::size_t had = malloc_usable_size(memory);
    memcpy(moved, memory, had < size ? had : size);
    free(memory);
    return moved;
}

void _aligned_free(void* memory) {
    WINSHIM_LEAVE(_aligned_free, memory, memory);
    free(memory);
}
int _fileno(FILE* stream) { return fileno(stream); }
