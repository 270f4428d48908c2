// signals_held.h - the signals of this thread, held back for a while.
#pragma once
#include <csignal>

namespace winshim::shm {

// sent   what others send. What an instruction raises comes through: none of ours does, and held back it would end the
//        process of a debugger that steps through it
// all    those as well: for a thread that is made meanwhile, and inherits the mask
enum class Hold { sent, all };

class SignalsHeld {
public:
    explicit SignalsHeld(Hold which) noexcept {
        sigset_t held;
        sigfillset(&held);
        if (which == Hold::sent)
            for (const int raised : {SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigdelset(&held, raised);
        pthread_sigmask(SIG_SETMASK, &held, &before_);
    }
    ~SignalsHeld() noexcept { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;

private:
    sigset_t before_;
};

}  // namespace winshim::shm
