// scene_ledger.h - makes the ledger file of the scene, and afterwards finds out whether it is right.
//
// Purpose     A second reader of the format that ledger_file.h describes, written without its code: it replays the
//             journal from the first line and compares. Knows files, not processes.
// Invariants  R1 each transfer starts from the balances that the journal before it leads to: no stale look.
//             R2 the transfers of a worker are numbered 1, 2, 3, ...: none lost, none doubled.
//             R3 audits go round among the living and always see the full sum: no signal lost, none doubled.
//             R4 the account lines equal the replay, and their sum is what it was.
#pragma once
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace scene {

inline constexpr int kAccounts = 8;
inline constexpr long kStartBalance = 1'000'000;
inline constexpr long kTotal = kAccounts * kStartBalance;
inline constexpr std::size_t kLine = 64;

struct Plan {                     // what is played, known before the first worker starts
    int workers = 6;
    long transfers = 20000;       // of each worker
    long round = 250;             // transfers between two audits
    int victim = 3;
    long halt_at = 0;             // the transfer in whose middle the victim is killed

    long audits(long number) const { return number / round + (number == transfers && number % round != 0); }
    long journal_lines() const {
        return (workers - 1) * (transfers + audits(transfers)) + halt_at + audits(halt_at - 1);
    }
};

struct Verdict {
    std::vector<std::string> problems;
    std::vector<long> completed;  // by worker, from 1
    long audits = 0;
    bool rolled_back = false;     // the victim's half-made transfer; otherwise it was completed
};

inline std::string text(const char* format, auto... values) {
    std::array<char, 256> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, values...);
    return buffer.data();
}

inline bool write_new_ledger(const std::string& path, const Plan& plan) {
    std::ofstream file(path, std::ios::binary);
    const auto put = [&](std::string line) { line.resize(kLine - 1, ' '); file << line << '\n'; };
    put(text("ledger %d accounts %d workers turn 1 gone ", kAccounts, plan.workers) + std::string(plan.workers, '.'));
    for (int account = 0; account < kAccounts; ++account) {
        put(text("account %d balance %7ld", account, kStartBalance));
    }
    return bool(file.flush());
}

class Replay {
public:
    explicit Replay(const Plan& plan) : plan_(plan), next_(plan.workers + 1, 1), audited_(plan.workers + 1, 0) {
        balance_.fill(kStartBalance);
        verdict_.completed.assign(plan.workers + 1, 0);
    }

    void journal_line(const std::string& line) {
        int worker = 0, from = 0, to = 0;
        long number = 0, amount = 0, had_from = 0, had_to = 0, sum = 0;
        char mark = 0;
        if (std::sscanf(line.c_str(), "transfer w%d %ld from %d to %d amount %ld had %ld %ld %c", &worker, &number,
                        &from, &to, &amount, &had_from, &had_to, &mark) == 8 &&
            known(worker) && account(from) && account(to) && from != to) {
            transfer(worker, number, from, to, amount, had_from, had_to, mark);
        } else if (std::sscanf(line.c_str(), "audit w%d after %ld sum %ld", &worker, &number, &sum) == 3 &&
                   known(worker)) {
            audit(worker, number, sum);
        } else {
            problem(text("not a journal line: \"%.60s\"", line.c_str()));
        }
    }

    void account_line(int index, const std::string& line) {
        int number = -1;
        long balance = 0;
        if (std::sscanf(line.c_str(), "account %d balance %ld", &number, &balance) != 2 || number != index) {
            problem(text("account %d: not an account line", index));
        } else {
            written_[index] = balance;
        }
    }

    void header_line(const std::string& line) {
        std::string gone(plan_.workers, '.');
        gone[plan_.victim - 1] = 'x';
        if (line.find(" gone " + gone + " ") == std::string::npos) {
            problem("the header does not say that the victim, and nobody else, is gone");
        }
    }

    Verdict finish() {
        for (int worker = 1; worker <= plan_.workers; ++worker) {
            const long last = worker == plan_.victim ? plan_.halt_at : plan_.transfers;
            if (next_[worker] <= last) {
                problem(text("worker %d: transfers %ld to %ld are missing", worker, next_[worker], last));
            }
            const long audits = plan_.audits(worker == plan_.victim ? last - 1 : last);
            if (audited_[worker] != audits) {
                problem(text("worker %d: %ld audits instead of %ld", worker, audited_[worker], audits));
            }
        }
        long sum = 0;
        for (int index = 0; index < kAccounts; ++index) {
            sum += written_[index];
            if (written_[index] != balance_[index]) {
                problem(text("account %d: the file says %ld, the journal leads to %ld", index, written_[index],
                             balance_[index]));
            }
        }
        if (sum != kTotal) problem(text("the accounts add up to %ld instead of %ld", sum, kTotal));
        return verdict_;
    }

    void problem(std::string what) { verdict_.problems.push_back(std::move(what)); }

private:
    bool known(int worker) const { return worker >= 1 && worker <= plan_.workers; }
    static bool account(int index) { return index >= 0 && index < kAccounts; }
    bool is_halt(int worker, long number) const { return worker == plan_.victim && number == plan_.halt_at; }

    void transfer(int worker, long number, int from, int to, long amount, long had_from, long had_to, char mark) {
        if (number < next_[worker]) problem(text("worker %d: transfer %ld is there twice", worker, number));
        if (number > next_[worker]) {
            problem(text("worker %d: transfers %ld to %ld are missing", worker, next_[worker], number - 1));
        }
        if (had_from != balance_[from] || had_to != balance_[to]) {
            problem(text("worker %d, transfer %ld: made from stale balances (%ld %ld instead of %ld %ld)", worker,
                         number, had_from, had_to, balance_[from], balance_[to]));
        }
        next_[worker] = std::max(next_[worker], number + 1);
        const bool expected_back = mark == '-' && is_halt(worker, number);
        if (mark != '+' && !expected_back) {
            problem(text("worker %d, transfer %ld: %s", worker, number,
                         mark == '-' ? "rolled back for no reason" : "half made and never repaired"));
        }
        balance_[from] = had_from - (mark == '+' ? amount : 0);  // from what it saw: one slip is not reported for ever
        balance_[to] = had_to + (mark == '+' ? amount : 0);
        verdict_.completed[worker] += mark == '+';
        if (is_halt(worker, number)) {
            victim_gone_ = true;
            verdict_.rolled_back = mark == '-';
            if (turn_ == worker) pass_turn_on();
        }
    }

    void audit(int worker, long number, long sum) {
        if (worker != turn_) problem(text("worker %d made an audit when it was the turn of %d", worker, turn_));
        if (sum != kTotal) {
            problem(text("worker %d, audit after %ld: sum %ld instead of %ld", worker, number, sum, kTotal));
        }
        const bool due = number % plan_.round == 0 || number == plan_.transfers;
        if (!due || number != next_[worker] - 1 || plan_.audits(number) != ++audited_[worker]) {
            problem(text("worker %d: an audit after transfer %ld is out of place", worker, number));
        }
        ++verdict_.audits;
        turn_ = worker;
        pass_turn_on();
    }

    void pass_turn_on() {
        do turn_ = turn_ % plan_.workers + 1;
        while (turn_ == plan_.victim && victim_gone_);
    }

    const Plan plan_;
    Verdict verdict_;
    std::array<long, kAccounts> balance_{}, written_{};  // by the journal; by the account lines
    std::vector<long> next_, audited_;                   // by worker
    int turn_ = 1;
    bool victim_gone_ = false;
};

inline Verdict check_ledger(const std::string& path, const Plan& plan) {
    std::ifstream file(path, std::ios::binary);
    Replay replay(plan);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line); lines.push_back(line)) {
        if (line.size() != kLine - 1 || file.eof()) replay.problem(text("line %zu is torn", lines.size()));
    }
    if (lines.size() < 1 + kAccounts) {
        replay.problem("the ledger has lost its accounts");
        return replay.finish();
    }
    replay.header_line(lines[0]);
    for (int index = 0; index < kAccounts; ++index) replay.account_line(index, lines[1 + index]);
    for (std::size_t index = 1 + kAccounts; index < lines.size(); ++index) replay.journal_line(lines[index]);
    return replay.finish();
}

}  // namespace scene
