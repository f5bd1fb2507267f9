// How many threads this process may use: its CPU affinity, its cgroup's CPU quota, and
// DROMOS_NUM_THREADS.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "system.hpp"
#ifdef __linux__
#include <sched.h>
#endif

namespace dromos {

// The largest thread count anything here works with.
inline constexpr std::size_t kMaxThreads = 256;

// A thread count and where it comes from, for messages.
struct ThreadCount {
  std::size_t count;
  std::string reason;
};

namespace detail {

// CPUs in the affinity mask, which unlike the number of CPUs online respects taskset, cpusets and
// schedulers; 0 if the system does not tell.
inline std::size_t affinity_cpus() {
#ifdef __linux__
  // A kernel for more CPUs than the mask has room for answers EINVAL.
  for (std::size_t cpus = CPU_SETSIZE; uses_linux() && cpus <= (std::size_t{1} << 20); cpus *= 2) {
    std::vector<cpu_set_t> mask(cpus / CPU_SETSIZE);
    const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
    if (sched_getaffinity(0, bytes, mask.data()) == 0)
      return static_cast<std::size_t>(CPU_COUNT_S(bytes, mask.data()));
  }
#endif
  return std::thread::hardware_concurrency();
}

// CPUs' worth of time that `quota period` in one file (cgroup v2) or two (v1) allows.
inline std::optional<double> read_quota(const std::string& quota_file,
                                        const std::string& period_file) {
  std::ifstream quota_stream(quota_file);
  std::ifstream period_stream(period_file);
  std::istream& second = period_file.empty() ? static_cast<std::istream&>(quota_stream)
                                             : static_cast<std::istream&>(period_stream);
  double quota = 0;
  double period = 0;
  // "max" (v2) is no number and -1 (v1) not positive: both mean no quota.
  if (!(quota_stream >> quota && second >> period) || quota <= 0 || period <= 0)
    return std::nullopt;
  return quota / period;
}

// The tightest quota of a cgroup and the groups around it.
inline std::optional<double> path_quota(const std::string& mount, std::string path, bool unified) {
  std::optional<double> tightest;
  for (;;) {
    const std::string group = mount + path;
    const auto quota = unified
                           ? read_quota(group + "/cpu.max", "")
                           : read_quota(group + "/cpu.cfs_quota_us", group + "/cpu.cfs_period_us");
    if (quota && (!tightest || *quota < *tightest)) tightest = quota;
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return tightest;
    path.resize(slash);
  }
}

// The cgroup CPU quota of the process described by proc_file (as /proc/self/cgroup: one
// `id:controllers:path` a line), cgroups mounted below sys_root; both versions.
inline std::optional<double> cgroup_quota(const std::string& proc_file,
                                          const std::string& sys_root) {
  std::ifstream groups(proc_file);
  std::optional<double> tightest;
  for (std::string line; std::getline(groups, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    const bool unified = controllers.empty();
    if (!unified && (',' + controllers + ',').find(",cpu,") == std::string::npos) continue;
    for (const std::string& mount :
         unified ? std::vector{sys_root, sys_root + "/unified"} : std::vector{sys_root + "/cpu"}) {
      const auto quota = path_quota(mount, path == "/" ? "" : path, unified);
      if (quota && (!tightest || *quota < *tightest)) tightest = quota;
    }
  }
  return tightest;
}

// The count that a text such as "4" asks for.
inline std::optional<std::size_t> parse_threads(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (count < 1 || count > kMaxThreads) return std::nullopt;
  return count;
}

}  // namespace detail

// The CPUs this process may keep busy, at least 1.
inline ThreadCount usable_cpus() {
  const std::size_t cpus = std::clamp<std::size_t>(detail::affinity_cpus(), 1, kMaxThreads);
  const auto quota = detail::cgroup_quota("/proc/self/cgroup", "/sys/fs/cgroup");
  if (quota && std::ceil(*quota) < static_cast<double>(cpus)) {
    const auto count = static_cast<std::size_t>(std::max(1.0, std::ceil(*quota)));
    return {count, "the CPU quota of this process's cgroup"};
  }
  return {cpus, "the CPU affinity of this process"};
}

// The number of threads to use: `requested` if not 0, else DROMOS_NUM_THREADS, else usable_cpus().
inline ThreadCount thread_count(std::size_t requested = 0) {
  if (requested != 0) return {std::min(requested, kMaxThreads), "the argument"};
  const char* variable = std::getenv("DROMOS_NUM_THREADS");
  if (variable == nullptr || *variable == '\0') return usable_cpus();
  if (const auto count = detail::parse_threads(variable)) return {*count, "DROMOS_NUM_THREADS"};
  auto fallback = usable_cpus();
  fallback.reason += "; DROMOS_NUM_THREADS ignored: expected an integer from 1 to " +
                     std::to_string(kMaxThreads) + ", found '" + variable + "'";
  return fallback;
}

}  // namespace dromos
