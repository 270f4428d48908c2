// threads.h - one function in several threads at once, or in another one.
#pragma once

#include <pthread.h>

#include "tests/support/check.h"

constexpr int kThreads = 4;

// Runs `body` in kThreads threads at once.
inline void in_threads(void *(*body)(void *), void *argument) {
    pthread_t threads[kThreads];
    for (pthread_t &t : threads) assert_int_equal(pthread_create(&t, nullptr, body, argument), 0);
    for (pthread_t &t : threads) assert_int_equal(pthread_join(t, nullptr), 0);
}

inline void in_another_thread(void *(*body)(void *), void *argument = nullptr) {
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, nullptr, body, argument), 0);
    assert_int_equal(pthread_join(thread, nullptr), 0);
}
