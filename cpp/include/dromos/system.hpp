// What an operating system has beyond C++ and POSIX, and doing without.
#pragma once

#include <cstdlib>

namespace dromos {

// Whether to use what only Linux has: futexes, descriptors of processes, numbers of threads and
// processors, holes in files, files without a place. Other systems do without; so does a process
// that starts with DROMOS_PORTABLE in its environment and those that it starts, which is how tests
// on Linux reach what other systems run. Processes that share memory must agree: nobody wakes who
// naps, and who sleeps on a futex must be woken.
inline bool uses_linux() {
#ifdef __linux__
  static const bool wanted = std::getenv("DROMOS_PORTABLE") == nullptr;
  return wanted;
#else
  return false;
#endif
}

}  // namespace dromos
