// A process that ends when the process it works for has ended, however that came.
#pragma once

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "system.hpp"
#include "worker_pool.hpp"

#ifdef __linux__
#include <sys/syscall.h>
#endif

namespace dromos {

namespace detail {

// A descriptor that becomes readable when a process ends; -1 if the system has none.
inline int open_process(pid_t process) {
#if defined(__linux__) && defined(SYS_pidfd_open)
  if (uses_linux()) return static_cast<int>(syscall(SYS_pidfd_open, process, 0));
#endif
  static_cast<void>(process);
  return -1;
}

inline void wait_for_parent(int pipe, pid_t parent) {
  constexpr int kLook = 500;  // milliseconds between two looks at the parent's number
  pollfd watched[] = {{pipe, POLLIN, 0}, {open_process(parent), POLLIN, 0}};
  while (getppid() == parent) {
    poll(watched, 2, watched[1].fd < 0 ? kLook : -1);
    if ((watched[0].revents & (POLLIN | POLLHUP)) != 0) return;
    if ((watched[0].revents & POLLNVAL) != 0) watched[0].fd = -1;  // closed: it tells no more
  }
}

}  // namespace detail

// Kills this process as soon as its parent has ended, or `pipe`, whose other end only the process
// it works for holds, has closed. The thread that waits needs no lock of anybody: a process that
// hangs ends as well. It lasts as long as the process.
inline void end_with_parent(int pipe, pid_t parent) {
  const detail::SignalsBlocked blocked;
  std::thread([pipe, parent] {
    detail::wait_for_parent(pipe, parent);
    kill(getpid(), SIGKILL);
  }).detach();
}

}  // namespace dromos
