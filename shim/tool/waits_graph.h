// waits_graph.h - the waits as a graph in Graphviz's language.
#pragma once
#include "shim/look/waits.h"

namespace winshim::tool {

// An edge from a thread to what it waits for (dashed: any of them would do), and from that to who holds it. Deadlocks
// are red, who waits behind one is orange.
void print_graph(const look::Waits& waits) noexcept;

}  // namespace winshim::tool
