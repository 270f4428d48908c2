// raii_handles.cpp - C++11: handles that close themselves, locks that an exception releases, errors as exceptions.
#include <windows.h>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

class Win32Error : public std::runtime_error {
public:
    explicit Win32Error(const char *call) : std::runtime_error(call), code(GetLastError()) {}
    const DWORD code;
};

class Handle {
public:
    Handle() noexcept : handle_(nullptr) {}
    Handle(HANDLE handle, const char *call) : handle_(handle)
    {
        if (handle_ == nullptr)
            throw Win32Error(call);
    }
    Handle(Handle &&other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
    Handle &operator=(Handle &&other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle()
    {
        if (handle_ != nullptr)
            CloseHandle(handle_);
    }
    HANDLE Get() const noexcept { return handle_; }

private:
    HANDLE handle_;
};

enum class Taken { clean, abandoned };

class MutexLock {
public:
    explicit MutexLock(const Handle &mutex, DWORD milliseconds = INFINITE) : mutex_(mutex.Get())
    {
        switch (WaitForSingleObject(mutex_, milliseconds)) {
        case WAIT_OBJECT_0: state = Taken::clean; break;
        case WAIT_ABANDONED: state = Taken::abandoned; break;
        case WAIT_TIMEOUT: throw std::runtime_error("timeout");
        default: throw Win32Error("WaitForSingleObject");
        }
    }
    MutexLock(const MutexLock &) = delete;
    MutexLock &operator=(const MutexLock &) = delete;
    ~MutexLock() { ReleaseMutex(mutex_); }
    Taken state;

private:
    HANDLE mutex_;
};

class Thread {
public:
    explicit Thread(std::function<void()> work) : work_(new std::function<void()>(std::move(work)))
    {
        handle_ = Handle(CreateThread(nullptr, 0, &Thread::Entry, work_, 0, nullptr), "CreateThread");
    }
    Thread(Thread &&) = default;
    void Join() { WaitForSingleObject(handle_.Get(), INFINITE); }

private:
    static DWORD WINAPI Entry(LPVOID parameter)
    {
        auto work = static_cast<std::function<void()> *>(parameter);
        (*work)();
        delete work;
        return 0;
    }
    std::function<void()> *work_;
    Handle handle_;
};

int main()
{
    Handle mutex(CreateMutexA(nullptr, FALSE, "raii_handles"), "CreateMutex");
    int sum = 0;
    {
        std::vector<Thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                for (int n = 0; n < 100; ++n) {
                    MutexLock lock(mutex);
                    sum += i;
                }
            });
        for (auto &thread : threads)
            thread.Join();
    }
    std::printf("sum %d\n", sum);

    // Whoever leaves by an exception releases the lock on the way: it is not abandoned, and free for another thread.
    Thread thrower([&] {
        try {
            MutexLock lock(mutex);
            throw std::runtime_error("in the middle");
        } catch (const std::exception &error) {
            std::printf("caught: %s\n", error.what());
        }
        std::fflush(stdout);
    });
    thrower.Join();
    {
        MutexLock lock(mutex, 0);
        std::printf("after that the mutex is %s\n", lock.state == Taken::clean ? "free" : "abandoned");
        Thread other([&] {
            try {
                MutexLock lock2(mutex, 20);
            } catch (const std::runtime_error &error) {
                std::printf("another thread: %s\n", error.what());
            }
        });
        other.Join();
    }

    try {
        Handle wrong(OpenMutexA(SYNCHRONIZE, FALSE, "no such mutex"), "OpenMutex");
        std::puts("there should be none");
    } catch (const Win32Error &error) {
        std::printf("%s: error %lu\n", error.what(), static_cast<unsigned long>(error.code));
    }
    Handle moved = std::move(mutex);
    std::printf("moved: %s, ", mutex.Get() == nullptr ? "the first is empty" : "?");
    std::printf("the mutex is %s\n", MutexLock(moved, 0).state == Taken::clean ? "the same" : "?");
    {
        Handle last = std::move(moved);
    }
    std::printf("closed with its last owner: %s\n",
                OpenMutexA(SYNCHRONIZE, FALSE, "raii_handles") == nullptr ? "the name is free" : "?");
    return 0;
}
