// tls.cpp - TlsAlloc and its kin (winshim_tls.h).
//
// A thread's table is made with its first value, so that threads which use none cost nothing, and freed at its end by
// the C library's own thread-specific data.
// Source      statements Tls-01 to -07.
#include <pthread.h>
#include <stdlib.h>

#include "shim/base/sdk.h"
#include "shim/local/slots.h"

namespace winshim::local {
namespace {

struct Value {
    void* value;
    u32 number;
};
struct Table {
    Value values[kTlsCount];
};

constinit Indices<kTlsCount> indices;
thread_local constinit Table* table = nullptr;
pthread_key_t at_end;
bool key_made = false;

void forget(void* memory) noexcept {
    table = nullptr;
    free(memory);
}
__attribute__((constructor)) void make_key() noexcept { key_made = pthread_key_create(&at_end, forget) == 0; }

bool make_table() noexcept {
    const KeepErrno keep;
    Table* const made = key_made ? static_cast<Table*>(calloc(1, sizeof(Table))) : nullptr;
    if (made == nullptr) return false;
    if (pthread_setspecific(at_end, made) != 0) {
        free(made);
        return false;
    }
    table = made;
    return true;
}

}  // namespace
}  // namespace winshim::local

using namespace winshim;
using namespace winshim::local;

DWORD WINAPI TlsAlloc(void) {
    const u32 index = indices.allocate(0);
    if (index < kTlsCount) return index;
    last_error = ERROR_NO_MORE_ITEMS;
    return TLS_OUT_OF_INDEXES;
}

LPVOID WINAPI TlsGetValue(DWORD dwTlsIndex) {
    if (WINSHIM_UNLIKELY(dwTlsIndex >= kTlsCount)) return failed(ERROR_INVALID_PARAMETER);
    last_error = ERROR_SUCCESS;  // so that NULL as a value can be told from a failure (Tls-03)
    if (table == nullptr) return nullptr;
    const Value& value = table->values[dwTlsIndex];
    return value.number == indices.number(dwTlsIndex) ? value.value : nullptr;
}

BOOL WINAPI TlsSetValue(DWORD dwTlsIndex, LPVOID lpTlsValue) {
    if (WINSHIM_UNLIKELY(dwTlsIndex >= kTlsCount)) return failed(ERROR_INVALID_PARAMETER);
    if (WINSHIM_UNLIKELY(table == nullptr) && !make_table()) return failed(ERROR_NOT_ENOUGH_MEMORY);
    table->values[dwTlsIndex] = {lpTlsValue, indices.number(dwTlsIndex)};
    return TRUE;
}

BOOL WINAPI TlsFree(DWORD dwTlsIndex) {
    if (dwTlsIndex >= kTlsCount || !indices.free(dwTlsIndex)) return failed(ERROR_INVALID_PARAMETER);
    return TRUE;
}
