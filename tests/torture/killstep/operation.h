// operation.h - what a row of the tables in operations_*.h is made of.
//
// Order of a trial: the victim attaches (unless `cold`); arrange: the referee makes the objects; corpse: a third
// process gets into its state and is killed; ready: the victim opens what it needs; queue: the waiters block; act: the
// call, during which the victim is killed; help: what a blocked victim waits for; meanwhile: what others do while the
// victim stands at the instruction at which it will be killed; judge: what must hold afterwards.
// rival: the repairer's process makes this call instead, and is stopped with a lock while the victim makes its own.
#pragma once

#include <functional>

#include "tests/torture/killstep/referee.h"

namespace killstep {

struct Victim {
    Page& page;
    HANDLE handle[26] = {};

    explicit Victim(Page& p) : page(p) {}
    HANDLE& operator[](char id) { return handle[id - 'a']; }
    void open(const char* ids) {
        for (; *ids != 0; ++ids) {
            (*this)[*ids] = open_object(page.trial, *ids);
            if ((*this)[*ids] == nullptr) _exit(90);
        }
    }
    Name name(char id) const { return Name(page.trial, id); }
    void must(bool holds) const {
        if (!holds) _exit(91);  // the preparation failed: the controller reports it
    }
};

struct Operation {
    const char* name;
    std::function<void(Referee&)> arrange = [](Referee&) {};
    std::function<void(Victim&)> ready = [](Victim&) {};
    std::function<void(Referee&)> queue = [](Referee&) {};
    std::function<void(Victim&)> act;
    std::function<void(Referee&)> judge;
    std::function<void(Referee&)> help = nullptr;
    std::function<void(Victim&)> corpse = nullptr;
    std::function<void(Referee&)> meanwhile = nullptr;
    std::function<void(Victim&)> rival = nullptr;
    bool cold = false;    // the call is the first of its process
    bool thread = false;  // a second thread makes the call, and ends; it also makes itself ready, unless `new_thread`
    bool new_thread = false;
    bool forks = false;   // a child may be left, and handles of one that never began
    bool starts = false;  // children may be left; when they have ended, nothing is
    bool execs = false;   // the call ends in another program; then the judge looks before it is killed
    bool of_referee = false;   // the victim is a child of the referee, and has its handles
    bool corpse_last = false;  // the corpse comes after `ready`, so that the victim has not met it dead before its call
    bool late_corpse = false;  // so, too; and it dies meanwhile, and a newcomer begins to run it down
    bool goes_on = false;      // every other time the victim is not killed where it stands, but ends its call
    unsigned most_kills = 0;   // 0: as many as all others
    bool every_repair = false; // the sample in which a repairer is killed at every instruction of its repair
};

std::vector<Operation> operations();

}  // namespace killstep
