// Thread counts from made-up cgroup files and environment variables.
#include <cstdlib>
#include <dromos/affinity.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "check.hpp"

using namespace dromos;

namespace {

// A directory of small files that goes with the test.
class Tree {
 public:
  Tree() : root_(std::filesystem::temp_directory_path() / "dromos_test_affinity") {
    std::filesystem::remove_all(root_);
  }
  ~Tree() { std::filesystem::remove_all(root_); }

  void write(const std::string& path, const std::string& text) const {
    const auto file = root_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  // CPUs, or 0 for no quota.
  double quota() const { return detail::cgroup_quota(root_ / "self", root_ / "sys").value_or(0.0); }

 private:
  std::filesystem::path root_;
};

class Variable {
 public:
  explicit Variable(const char* value) { setenv("DROMOS_NUM_THREADS", value, 1); }
  ~Variable() { unsetenv("DROMOS_NUM_THREADS"); }
};

}  // namespace

TEST(cgroup_v2_quota_is_the_tightest_up_the_tree) {
  const Tree tree;
  CHECK_EQ(tree.quota(), 0.0);
  tree.write("self", "0::/user.slice/job\n");
  tree.write("sys/user.slice/job/cpu.max", "max 100000\n");
  CHECK_EQ(tree.quota(), 0.0);
  tree.write("sys/user.slice/job/cpu.max", "350000 100000\n");
  CHECK_EQ(tree.quota(), 3.5);
  tree.write("sys/user.slice/cpu.max", "200000 100000\n");
  CHECK_EQ(tree.quota(), 2.0);
}

TEST(cgroup_v1_quota_is_read_from_the_cpu_controller) {
  const Tree tree;
  tree.write("self", "5:memory:/job\n4:cpu,cpuacct:/job\n");
  tree.write("sys/cpu/job/cpu.cfs_quota_us", "-1\n");
  tree.write("sys/cpu/job/cpu.cfs_period_us", "100000\n");
  CHECK_EQ(tree.quota(), 0.0);
  tree.write("sys/cpu/job/cpu.cfs_quota_us", "50000\n");
  CHECK_EQ(tree.quota(), 0.5);
}

TEST(a_container_that_sees_only_its_own_group_finds_the_quota) {
  const Tree tree;
  tree.write("self", "4:cpu:/docker/0123456789abcdef\n");
  tree.write("sys/cpu/cpu.cfs_quota_us", "400000\n");
  tree.write("sys/cpu/cpu.cfs_period_us", "100000\n");
  CHECK_EQ(tree.quota(), 4.0);
}

TEST(malformed_cgroup_files_mean_no_quota) {
  const Tree tree;
  tree.write("self", "nonsense\n0\n:\n0::/job");
  tree.write("sys/job/cpu.max", "100000");
  CHECK_EQ(tree.quota(), 0.0);
  tree.write("sys/job/cpu.max", "100000 0");
  CHECK_EQ(tree.quota(), 0.0);
}

TEST(thread_count_prefers_argument_then_variable_then_machine) {
  const std::size_t usable = usable_cpus().count;
  CHECK(usable >= 1 && usable <= kMaxThreads);
  CHECK_EQ(thread_count().count, usable);
  const Variable variable("3");
  CHECK_EQ(thread_count().count, std::size_t{3});
  CHECK_EQ(thread_count().reason, "DROMOS_NUM_THREADS");
  CHECK_EQ(thread_count(5).count, std::size_t{5});
  CHECK_EQ(thread_count(100000).count, kMaxThreads);
}

TEST(a_bad_variable_is_ignored_with_a_reason) {
  for (const char* value : {"0", "-1", "two", "2.5", "3 ", "100000", "99999999999999999999"}) {
    const Variable variable(value);
    const auto threads = thread_count();
    CHECK_EQ(threads.count, usable_cpus().count);
    CHECK(threads.reason.find("found '" + std::string(value) + "'") != std::string::npos);
  }
  const Variable empty("");
  CHECK_EQ(thread_count().reason, usable_cpus().reason);
}
