// list.h - a list that grows: for who looks at the segment, where nobody may know beforehand how much there is.
//
// Purpose     Without exceptions: what does not find room is not added, and `whole` says so.
// Invariants  T is copied byte by byte.
#pragma once
#include <cstdlib>

#include "shim/shm/types.h"

namespace winshim::look {

template <class T>
class List {
public:
    List() noexcept = default;
    ~List() noexcept { free(at_); }
    List(const List&) = delete;
    List& operator=(const List&) = delete;

    bool add(const T& item) noexcept {
        if (count_ == room_ && !grow()) return false;
        at_[count_++] = item;
        return true;
    }
    // `count` items that are all zero bytes.
    bool fill(u32 count) noexcept {
        free(at_);
        at_ = static_cast<T*>(calloc(count != 0 ? count : 1, sizeof(T)));
        count_ = room_ = at_ != nullptr ? count : 0;
        whole_ = whole_ && at_ != nullptr;
        return at_ != nullptr;
    }
    void clear() noexcept { count_ = 0; }
    void cut(u32 count) noexcept { count_ = count < count_ ? count : count_; }
    void sort(int (*compare)(const void*, const void*)) noexcept {
        if (count_ > 1) qsort(at_, count_, sizeof(T), compare);
    }

    // In a list sorted so that is_below(item) holds for the first ones and not for the rest: where the rest begins.
    template <class Below>
    u32 first_not(Below is_below) const noexcept {
        u32 low = 0, high = count_;
        while (low < high) {
            const u32 middle = low + (high - low) / 2;
            if (is_below(at_[middle])) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    u32 count() const noexcept { return count_; }
    bool whole() const noexcept { return whole_; }
    T& operator[](u32 i) noexcept { return at_[i]; }
    const T& operator[](u32 i) const noexcept { return at_[i]; }
    T* begin() noexcept { return at_; }
    T* end() noexcept { return at_ + count_; }
    const T* begin() const noexcept { return at_; }
    const T* end() const noexcept { return at_ + count_; }

private:
    bool grow() noexcept {
        const u32 room = room_ < 16 ? 16 : room_ * 2;
        T* more = static_cast<T*>(realloc(at_, sizeof(T) * room));
        whole_ = whole_ && more != nullptr;
        if (more == nullptr) return false;
        at_ = more;
        room_ = room;
        return true;
    }
    T* at_ = nullptr;
    u32 count_ = 0, room_ = 0;
    bool whole_ = true;
};

}  // namespace winshim::look
