#include "guard.hpp"

#ifdef __unix__
#include <pthread.h>
#endif

namespace dromos::bind {
namespace {

std::atomic<std::uint64_t> generation = 0;

}  // namespace

std::uint64_t fork_generation() {
#ifdef __unix__
  static const int registered = pthread_atfork(nullptr, nullptr, [] { ++generation; });
  static_cast<void>(registered);
#endif
  return generation.load(std::memory_order_relaxed);
}

}  // namespace dromos::bind
