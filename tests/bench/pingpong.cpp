// pingpong.cpp - two parties that wait for each other in turn: auto-reset events against POSIX semaphores.
//
// Purpose     The price of a real hand-over. On one CPU every round needs two context switches whatever the primitive;
//             on two CPUs a short spin before sleeping can save them, which is what the second goal asks for.

#include "bench.h"
#include "floor.h"
#include "partner.h"

namespace {

using bench::Primitive;

enum class Party { thread, process };

void play(benchmark::State& state, Primitive primitive, Party party, int my_cpu, int partner_cpu) {
    const bench::CourtPage page(bench::CourtPage::create());
    sem_init(&page.get()->ping, 1, 0);
    sem_init(&page.get()->pong, 1, 0);
    const bench::Player player(primitive, page.get(), true);

    std::thread thread;
    pid_t process = 0;
    if (party == Party::thread) {
        thread = std::thread([&] {
            const bench::Pinned pinned(partner_cpu);
            bench::Player(primitive, page.get(), false).answer();
        });
    } else {
        process = bench::start_partner_process(primitive, partner_cpu, page.fd());
    }
    while (!page.get()->ready.load(std::memory_order_acquire)) usleep(100);

    {
        const bench::Pinned pinned(my_cpu);
        for (auto _ : state) {
            if (!bench::expect(state, player.signal() && player.wait(), "ping and pong")) break;
        }
    }

    page.get()->stop.store(1, std::memory_order_release);
    player.signal();
    if (party == Party::thread) {
        thread.join();
    } else {
        int status = 0;
        waitpid(process, &status, 0);
        bench::expect(state, status == 0, "the other process ended badly");
    }
}

void offer(const std::string& name, Primitive primitive, Party party, int my_cpu, int partner_cpu) {
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
        play(state, primitive, party, my_cpu, partner_cpu);
    })->UseRealTime();
}

void offer_all(const std::string& where, int my_cpu, int partner_cpu) {
    offer("threads_" + where, Primitive::events, Party::thread, my_cpu, partner_cpu);
    offer("floor_threads_" + where, Primitive::semaphores, Party::thread, my_cpu, partner_cpu);
    offer("processes_" + where, Primitive::events, Party::process, my_cpu, partner_cpu);
    offer("floor_processes_" + where, Primitive::semaphores, Party::process, my_cpu, partner_cpu);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 5 && std::string(argv[1]) == "--partner") return bench::partner_main(argv + 2);
    const std::vector<int> cpus = bench::allowed_cpus();
    offer_all("one_cpu", cpus[0], cpus[0]);
    if (cpus.size() > 1) offer_all("two_cpus", cpus[0], cpus[1]);
    return bench::run(argc, argv);
}
