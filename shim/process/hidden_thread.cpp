// hidden_thread.cpp - threads of the library's own.
#include "shim/process/hidden_thread.h"

#include <cerrno>
#include <pthread.h>

namespace winshim::process {

bool start_hidden_thread(void* (*routine)(void*), void* argument, std::size_t bytes) noexcept {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    std::size_t usual = 0;
    pthread_attr_getstacksize(&attributes, &usual);
    pthread_attr_setstacksize(&attributes, bytes);
    pthread_t thread;
    int error = pthread_create(&thread, &attributes, routine, argument);
    if (error == EINVAL) {
        pthread_attr_setstacksize(&attributes, usual);
        error = pthread_create(&thread, &attributes, routine, argument);
    }
    pthread_attr_destroy(&attributes);
    return error == 0;
}

}  // namespace winshim::process
