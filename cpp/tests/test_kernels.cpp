// Kernels of built-in environments: every instruction set gives the bits of the narrowest.
#include <cstdint>
#include <deque>
#include <dromos/batch.hpp>
#include <dromos/envs/acrobot.hpp>
#include <dromos/envs/cartpole.hpp>
#include <dromos/envs/continuous_mountain_car.hpp>
#include <dromos/envs/mountain_car.hpp>
#include <dromos/envs/pendulum.hpp>
#include <type_traits>
#include <vector>

#include "batches.hpp"
#include "check.hpp"

using namespace dromos;
using namespace dromos::testing;

namespace {

constexpr std::size_t kLanes = 100;  // a whole block, small ones, and lanes that fill none

template <class D>
std::vector<typename D::Action> actions_of(std::size_t step) {
  if constexpr (std::is_integral_v<typename D::Action>) {
    return actions_at(step, kLanes, D::num_actions);
  } else {
    std::vector<typename D::Action> actions;
    for (const auto choice : actions_at(step, kLanes, 5))
      actions.push_back({static_cast<float>(choice) * 0.7f - 1.4f});
    return actions;
  }
}

template <class D>
void check_sets_agree() {
  using Range = StepRange<D, Pcg64>;
  std::vector<typename Range::Function> kernels{Range::baseline};
#ifdef DROMOS_X86_VARIANTS
  if (instruction_set() >= InstructionSet::avx2) kernels.push_back(Range::avx2);
  if (instruction_set() >= InstructionSet::avx512) kernels.push_back(Range::avx512);
#endif
  const Batch<D> described(kLanes);
  std::deque<Lanes<D, Pcg64>> lanes;
  std::deque<Buffers> reports;
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    auto& started = lanes.emplace_back(kLanes, Autoreset::next_step, 60);
    reports.emplace_back(described);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      started.rng[lane] = Pcg64::from_seed(lane);
      start(started, lane);
    }
  }
  for (std::size_t step = 0; step < 200; ++step) {
    const auto actions = actions_of<D>(step);
    for (std::size_t k = 0; k < kernels.size(); ++k) {
      kernels[k](lanes[k], 0, kLanes, actions.data(), reports[k].outputs());
      CHECK(reports[k] == reports[0]);
    }
  }
}

}  // namespace

#ifdef DROMOS_X86_VARIANTS
TEST(the_widest_set_is_what_the_compilers_library_finds) {
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
  CHECK(widest_instruction_set() == (avx512 ? InstructionSet::avx512
                                     : avx2 ? InstructionSet::avx2
                                            : InstructionSet::baseline));
}
#endif

TEST(instruction_sets_agree) {
  check_sets_agree<Acrobot>();
  check_sets_agree<CartPole>();
  check_sets_agree<ContinuousMountainCar>();
  check_sets_agree<MountainCar>();
  check_sets_agree<Pendulum>();
}
