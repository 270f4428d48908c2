// monitor98.cpp - C++98: a monitor, guards, and threads as classes; a pipeline of three stages over bounded queues.
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <cstdio>
#include <vector>

class CriticalSection {
public:
    CriticalSection() { InitializeCriticalSection(&section_); }
    ~CriticalSection() { DeleteCriticalSection(&section_); }
    CRITICAL_SECTION *Get() { return &section_; }

    class Guard {
    public:
        explicit Guard(CriticalSection &section) : section_(section) { EnterCriticalSection(section_.Get()); }
        ~Guard() { LeaveCriticalSection(section_.Get()); }

    private:
        Guard(const Guard &);
        Guard &operator=(const Guard &);
        CriticalSection &section_;
    };

private:
    CriticalSection(const CriticalSection &);
    CriticalSection &operator=(const CriticalSection &);
    CRITICAL_SECTION section_;
};

template <typename T, unsigned Room>
class BoundedQueue {
public:
    BoundedQueue() : first_(0), count_(0), closed_(false)
    {
        InitializeConditionVariable(&changed_);
    }

    void Put(const T &item)
    {
        CriticalSection::Guard guard(lock_);
        while (count_ == Room)
            SleepConditionVariableCS(&changed_, lock_.Get(), INFINITE);
        items_[(first_ + count_++) % Room] = item;
        WakeAllConditionVariable(&changed_);
    }

    bool Take(T *item)
    {
        CriticalSection::Guard guard(lock_);
        while (count_ == 0 && !closed_)
            SleepConditionVariableCS(&changed_, lock_.Get(), INFINITE);
        if (count_ == 0)
            return false;
        *item = items_[first_];
        first_ = (first_ + 1) % Room;
        --count_;
        WakeAllConditionVariable(&changed_);
        return true;
    }

    void Close()
    {
        CriticalSection::Guard guard(lock_);
        closed_ = true;
        WakeAllConditionVariable(&changed_);
    }

private:
    CriticalSection lock_;
    CONDITION_VARIABLE changed_;
    T items_[Room];
    unsigned first_, count_;
    bool closed_;
};

class Thread {
public:
    Thread() : handle_(NULL) {}
    virtual ~Thread()
    {
        if (handle_ != NULL)
            CloseHandle(handle_);
    }
    bool Start()
    {
        handle_ = CreateThread(NULL, 0, &Thread::Entry, this, 0, NULL);
        return handle_ != NULL;
    }
    void Join() { WaitForSingleObject(handle_, INFINITE); }

protected:
    virtual void Run() = 0;

private:
    static DWORD WINAPI Entry(LPVOID self)
    {
        static_cast<Thread *>(self)->Run();
        return 0;
    }
    HANDLE handle_;
};

typedef BoundedQueue<int, 4> Queue;

class Source : public Thread {
public:
    Source(Queue &out, int count) : out_(out), count_(count) {}

private:
    virtual void Run()
    {
        for (int i = 1; i <= count_; ++i)
            out_.Put(i);
        out_.Close();
    }
    Queue &out_;
    int count_;
};

class Square : public Thread {
public:
    Square(Queue &in, Queue &out) : in_(in), out_(out) {}

private:
    virtual void Run()
    {
        int item;
        while (in_.Take(&item))
            out_.Put(item * item);
        out_.Close();
    }
    Queue &in_, &out_;
};

class Sink : public Thread {
public:
    explicit Sink(Queue &in) : in_(in) {}
    std::vector<int> result;

private:
    virtual void Run()
    {
        int item;
        while (in_.Take(&item))
            result.push_back(item);
    }
    Queue &in_;
};

int main()
{
    Queue numbers, squares;
    Source source(numbers, 50);
    Square square(numbers, squares);
    Sink sink(squares);

    if (!sink.Start() || !square.Start() || !source.Start())
        return 1;
    source.Join();
    square.Join();
    sink.Join();

    int wrong = 0;
    for (std::size_t i = 0; i < sink.result.size(); ++i)
        wrong += sink.result[i] != static_cast<int>((i + 1) * (i + 1));
    std::printf("%u results, the last is %d, wrong or out of order: %d\n", static_cast<unsigned>(sink.result.size()),
                sink.result.back(), wrong);
    return 0;
}
