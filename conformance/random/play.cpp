// play.cpp - see play.h.
//
// Order       Nothing here hopes that a while is long enough. A call that must block is seen asleep before the next one
//             is made, and must not have answered at any later look until the model says that it returns; one that must
//             return is waited for. The one exception is a timer's short due time, which passes.
#include "conformance/random/play.h"

#include <dirent.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "conformance/random/write.h"

namespace sequence {
namespace {

std::string text_of(const char *form, auto... values) {
    char text[300];
    snprintf(text, sizeof text, form, values...);
    return text;
}

class Play {
public:
    Play(Profile profile, int patience_ms) : model_(profile), patience_ms_(patience_ms) {
        static unsigned plays = 0;
        static const std::string outer = getenv("WINSHIM_NAMESPACE") != nullptr ? getenv("WINSHIM_NAMESPACE") : "";
        space_ = text_of("%srandom-%d-%u-", outer.c_str(), static_cast<int>(getpid()), ++plays);
        if (stage_open(space_.c_str(), label(profile)) != 0) {
            perror("random: shared memory for the actors");
            exit(2);
        }
    }
    ~Play() {
        stage_close();
        if (!left_) stage_leave();
    }

    const Model &model() const { return model_; }

    // Makes the call, unless the model leaves it open. False: it failed.
    bool makes(const Call &call, Played &played) {
        const Outcome outcome = model_.play(call);
        if (outcome.how == Outcome::skipped) return true;
        played.calls.push_back(call);
        const bool good = carries_out(call, outcome) && everybody_returned(outcome) && nobody_else_did();
        if (!good) played.failure = failure_;
        return good;
    }

    // At the end whoever must be blocked is still asleep; then the processes are killed, and a last one must find
    // nothing and leave nothing.
    bool ends(Played &played) {
        const bool good = nobody_woke_up() && leaves_nothing();
        if (!good) played.failure = failure_;
        return good;
    }

private:
    Model model_;
    const int patience_ms_;
    std::string space_, failure_;
    bool left_ = false;

    bool fail(std::string text) {
        failure_ = std::move(text);
        return false;
    }

    bool state_is(stage_state got, stage_state wanted, int actor, const char *must) {
        if (got == wanted) return true;
        const char *did = got == STAGE_ANSWERED ? "returned"
                          : got == STAGE_ASLEEP ? "blocks"
                          : got == STAGE_DIED   ? "died"
                                                : "did nothing within the time limit";
        std::string text = text_of("%s %s, but it %s", actor_name(actor).c_str(), must, did);
        if (got == STAGE_ANSWERED) text += text_of(" 0x%llx", static_cast<long long>(stage_answer(actor)->value));
        return fail(text);
    }

    bool is_as(int actor, const Answer &wanted) {
        const answer &got = *stage_answer(actor);
        const bool same_notes = got.notes == wanted.notes.size() &&
                                (got.notes == 0 || memcmp(got.note, wanted.notes.data(), got.notes) == 0);
        if (got.value == wanted.value && got.error == wanted.error && got.extra == wanted.extra && same_notes &&
            got.errno_kept)
            return true;
        std::string text = text_of(
            "%s: expected 0x%llx, last error %u, stored 0x%x, %zu APCs; got 0x%llx, last error %u, stored 0x%x, "
            "%u APCs",
            actor_name(actor).c_str(), static_cast<long long>(wanted.value), wanted.error, wanted.extra,
            wanted.notes.size(), static_cast<long long>(got.value), got.error, got.extra, got.notes);
        if (!got.errno_kept) text += "; errno was changed";
        if (got.notes == wanted.notes.size() && !same_notes) text += "; the APCs ran in another order";
        return fail(text);
    }

    bool returns(int actor, const Answer &answer) {
        return state_is(stage_await(actor, patience_ms_), STAGE_ANSWERED, actor, "must return") && is_as(actor, answer);
    }

    bool is_born(int actor) {
        return state_is(stage_await(actor, patience_ms_), STAGE_ANSWERED, actor, "must begin");
    }

    bool carries_out(const Call &call, const Outcome &outcome) {
        const int process = process_of(call.actor);
        if (call.op == Op::start_process)
            return state_is(stage_start_process(process, patience_ms_), STAGE_ANSWERED, call.actor, "must begin");
        if (call.op == Op::kill_process) {
            stage_kill(process);
            return state_is(stage_await_process_end(process, patience_ms_), STAGE_DIED, call.actor, "must die");
        }
        const bool child = call.op == Op::fork || call.op == Op::create_process;
        const int born = child ? call.other * kThreads : call.op == Op::start_thread ? call.other : -1;
        if (born >= 0) stage_announce(born);
        stage_tell(call.actor, &call, sizeof call);
        switch (outcome.how) {
            case Outcome::blocks:
                return state_is(stage_await_sleep(call.actor, patience_ms_), STAGE_ASLEEP, call.actor, "must block");
            case Outcome::thread_ends:
                return state_is(stage_await_thread_end(call.actor, patience_ms_), STAGE_DIED, call.actor, "must end");
            case Outcome::process_ends:
                return state_is(stage_await_process_end(process, patience_ms_), STAGE_DIED, call.actor, "must end");
            default: break;
        }
        if (!returns(call.actor, outcome.answer) || (born >= 0 && !is_born(born))) return false;
        if (child) stage_copy_handles(process, call.other);
        if (outcome.other_thread >= 0 && !state_is(stage_await_thread_end(outcome.other_thread, patience_ms_),
                                                   STAGE_DIED, outcome.other_thread, "must end"))
            return false;
        if (outcome.other_process >= 0 &&
            !state_is(stage_await_process_end(outcome.other_process, patience_ms_), STAGE_DIED,
                      outcome.other_process * kThreads, "must end"))
            return false;
        if (call.op == Op::set_timer && call.amount > 0 && call.amount <= static_cast<int>(kShortMs)) {
            const timespec due{0, (call.amount + 1) * 1'000'000L};
            nanosleep(&due, nullptr);
        }
        return true;
    }

    bool everybody_returned(const Outcome &outcome) {
        for (const Returned &woken : outcome.woken)
            if (!returns(woken.actor, woken.answer)) return false;
        return true;
    }

    bool nobody_else_did() {
        for (int i = 0; i < kActors; ++i)
            if (model_.thread(i).waits && stage_answered(i))
                return state_is(STAGE_ANSWERED, STAGE_ASLEEP, i, "must go on being blocked");
        return true;
    }

    bool nobody_woke_up() {
        for (int i = 0; i < kActors; ++i)
            if (model_.thread(i).waits &&
                !state_is(stage_await_sleep(i, patience_ms_), STAGE_ASLEEP, i, "must be blocked at the end"))
                return false;
        return true;
    }

    bool leaves_nothing() {
        stage_close();
        left_ = true;
        if (!stage_leave()) return fail("a last process does not begin and end in order");
        DIR *const folder = opendir("/dev/shm");
        if (folder == nullptr) return true;
        bool nothing = true;
        while (const dirent *entry = readdir(folder))
            if (strstr(entry->d_name, space_.c_str()) != nullptr)
                nothing = fail(text_of("left in /dev/shm: %s", entry->d_name));
        closedir(folder);
        return nothing;
    }
};

}  // namespace

Played play(Profile profile, const Source &next, int patience_ms) {
    Played played;
    Play play(profile, patience_ms);
    while (const std::optional<Call> call = next(play.model()))
        if (!play.makes(*call, played)) return played;
    play.ends(played);
    return played;
}

Played play(Profile profile, const std::vector<Call> &calls, int patience_ms) {
    std::size_t at = 0;
    return play(
        profile,
        [&](const Model &) { return at < calls.size() ? std::optional<Call>(calls[at++]) : std::nullopt; },
        patience_ms);
}

}  // namespace sequence
