#include "guard.hpp"

#if __has_include(<pthread.h>)
#include <pthread.h>
#endif

namespace dromos::bind {
namespace {

std::atomic<std::uint64_t> generation = 0;

}  // namespace

std::uint64_t fork_generation() {
#if __has_include(<pthread.h>)
  static const int registered = pthread_atfork(nullptr, nullptr, [] { ++generation; });
  static_cast<void>(registered);
#endif
  return generation.load(std::memory_order_relaxed);
}

}  // namespace dromos::bind
