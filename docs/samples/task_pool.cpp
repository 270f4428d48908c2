// task_pool.cpp - C++17: a pool of threads with futures, made of an SRW lock, a condition variable and events.
#define _WIN32_WINNT 0x0601
#include <windows.h>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <queue>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

struct SrwExclusive {
    explicit SrwExclusive(SRWLOCK &lock) : lock(lock) { AcquireSRWLockExclusive(&lock); }
    ~SrwExclusive() { ReleaseSRWLockExclusive(&lock); }
    SrwExclusive(const SrwExclusive &) = delete;
    SrwExclusive &operator=(const SrwExclusive &) = delete;
    SRWLOCK &lock;
};

struct CloseHandleOf {
    void operator()(HANDLE handle) const noexcept { CloseHandle(handle); }
};
using UniqueHandle = std::unique_ptr<std::remove_pointer_t<HANDLE>, CloseHandleOf>;

template <typename Result>
class Future {
public:
    Future() : state_(std::make_shared<State>()) { state_->done.reset(CreateEventA(nullptr, TRUE, FALSE, nullptr)); }

    void Fulfil(const std::function<Result()> &work)
    {
        try {
            state_->value = work();
        } catch (...) {
            state_->failure = std::current_exception();
        }
        SetEvent(state_->done.get());
    }

    std::optional<Result> Wait(DWORD milliseconds) const
    {
        if (WaitForSingleObject(state_->done.get(), milliseconds) != WAIT_OBJECT_0)
            return std::nullopt;
        if (state_->failure)
            std::rethrow_exception(state_->failure);
        return state_->value;
    }

private:
    struct State {
        UniqueHandle done;
        std::optional<Result> value;
        std::exception_ptr failure;
    };
    std::shared_ptr<State> state_;
};

class Pool {
public:
    explicit Pool(unsigned threads)
    {
        for (unsigned i = 0; i < threads; ++i)
            threads_.emplace_back(CreateThread(nullptr, 0, &Pool::Entry, this, 0, nullptr));
    }

    ~Pool()
    {
        {
            SrwExclusive guard(lock_);
            closed_ = true;
        }
        WakeAllConditionVariable(&changed_);
        for (const auto &thread : threads_)
            WaitForSingleObject(thread.get(), INFINITE);
    }

    template <typename Work>
    auto Submit(Work work) -> Future<std::invoke_result_t<Work>>
    {
        Future<std::invoke_result_t<Work>> future;
        {
            SrwExclusive guard(lock_);
            tasks_.push([future, work]() mutable { future.Fulfil(work); });
        }
        WakeConditionVariable(&changed_);
        return future;
    }

private:
    std::optional<std::function<void()>> Next()
    {
        SrwExclusive guard(lock_);
        while (tasks_.empty() && !closed_)
            SleepConditionVariableSRW(&changed_, &lock_, INFINITE, 0);
        if (tasks_.empty())
            return std::nullopt;
        auto task = std::move(tasks_.front());
        tasks_.pop();
        return task;
    }

    static DWORD WINAPI Entry(LPVOID self)
    {
        while (auto task = static_cast<Pool *>(self)->Next())
            (*task)();
        return 0;
    }

    SRWLOCK lock_ = SRWLOCK_INIT;
    CONDITION_VARIABLE changed_ = CONDITION_VARIABLE_INIT;
    bool closed_ = false;
    std::queue<std::function<void()>> tasks_;
    std::vector<UniqueHandle> threads_;
};

int main()
{
    UniqueHandle gate(CreateEventA(nullptr, TRUE, FALSE, nullptr));
    std::vector<Future<long>> sums;
    {
        Pool pool(3);
        for (int from = 0; from < 1000; from += 100)
            sums.push_back(pool.Submit([from] {
                std::vector<int> numbers(100);
                std::iota(numbers.begin(), numbers.end(), from);
                return std::accumulate(numbers.begin(), numbers.end(), 0L);
            }));
        long total = 0;
        for (const auto &sum : sums)
            total += *sum.Wait(INFINITE);
        std::printf("%u tasks, total %ld\n", static_cast<unsigned>(sums.size()), total);

        auto blocked = pool.Submit([&] { return WaitForSingleObject(gate.get(), INFINITE) == WAIT_OBJECT_0; });
        std::printf("a task that is blocked: %s\n", blocked.Wait(20) ? "?" : "nothing yet");
        auto failing = pool.Submit([]() -> std::string { throw std::logic_error("thrown in a thread of the pool"); });
        try {
            failing.Wait(INFINITE);
        } catch (const std::logic_error &error) {
            std::printf("its exception arrives: %s\n", error.what());
        }
        SetEvent(gate.get());
        std::printf("unblocked: %s\n", *blocked.Wait(INFINITE) ? "the gate is open" : "?");
        for (int i = 0; i < 50; ++i)
            sums.push_back(pool.Submit([] { return 1L; }));
    }
    // The pool is gone, and has done what was still in the queue.
    std::printf("the last one: %ld\n", sums.back().Wait(0).value_or(-1));
    return 0;
}
