// What a library exports: batches behind a table give the bits of batches, and throw nothing.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <dromos/envs/cartpole.hpp>
#include <dromos/envs/frozen_lake.hpp>
#include <dromos/module.hpp>
#include <span>
#include <string>
#include <vector>

#include "batches.hpp"
#include "check.hpp"

using namespace dromos;
using namespace dromos::testing;

namespace {

// Throws as soon as it is stepped.
struct Failing : FrozenLake {
  static constexpr const char* name = "Failing";
  template <class Rng>
  static Transition step(const Params&, State&, Action, Rng&) {
    throw std::overflow_error("too much");
  }
};

}  // namespace

DROMOS_MODULE(tested, CartPole, FrozenLake, Failing);

namespace {

constexpr std::size_t kLanes = 70;  // a block and a rest

const ModuleEntry& entry(std::size_t index) { return dromos_module()->entries[index]; }

// A batch of the module's, which it also takes down.
struct Exported {
  explicit Exported(std::size_t index, std::size_t lanes = kLanes) {
    CHECK(entry(index).batch(lanes, Autoreset::same_step, 50, &batch) == Fault::none);
  }
  ~Exported() { batch->destroy(); }
  Exported(const Exported&) = delete;
  Exported& operator=(const Exported&) = delete;

  ModuleBatch* batch = nullptr;
};

void start(ModuleBatch& batch, std::span<const std::int64_t> lanes) {
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    const std::uint32_t word[] = {static_cast<std::uint32_t>(lane)};
    CHECK(batch.seed(lane, std::span<const std::uint32_t>(word)) == Fault::none);
  }
  CHECK(batch.reset(lanes) == Fault::none);
}

TEST(the_head_says_what_it_is) {
  const Module& module = *dromos_module();
  CHECK_EQ(module.magic, kModuleMagic);
  CHECK_EQ(module.layout, kModuleLayout);
  CHECK_EQ(module.sizes, kModuleSizes);
  CHECK_EQ(std::string(module.name), "tested");
  CHECK_EQ(module.entries.size(), 3u);
  CHECK(!module.fuses);
  CHECK_EQ(std::string(entry(1).layout.name), "FrozenLake");
}

TEST(steps_and_draws_are_those_of_a_batch) {
  Batch<CartPole> own(kLanes, Autoreset::same_step, 50);
  Exported exported(0);
  const auto lanes = everyone(own);
  const std::vector<std::int32_t> way(kLanes, 0);
  constexpr std::size_t kGravity = 0;
  own.set_draws({{{{Distribution::uniform, 5, 15, 0, 0, 0, {{kGravity, {}}}}}, way}});
  const DrawRow row{0, 0, Distribution::uniform, 5, 15, 0, 0, 0, kGravity, {}};
  CHECK(exported.batch->set_draws(1, std::span(&row, 1), way.data()) == Fault::none);
  start_all(own);
  start(*exported.batch, lanes);
  Buffers ours(own), theirs(own);
  for (std::size_t step = 0; step < 200; ++step) {
    const auto actions = actions_at(step, kLanes, 2);
    own.step(actions.data(), ours.outputs(), 2);
    CHECK(exported.batch->step_range(0, kLanes, actions.data(), theirs.outputs()) == Fault::none);
    CHECK(ours == theirs);
  }
  std::vector<double> gravity(kLanes), theirs_gravity(kLanes);
  own.read(Group::params, kGravity, lanes, gravity.data());
  CHECK(exported.batch->read(Group::params, kGravity, std::span<const std::int64_t>(lanes),
                             theirs_gravity.data()) == Fault::none);
  CHECK(gravity == theirs_gravity);
  CHECK(gravity[0] != gravity[1]);
}

TEST(transitions_are_laid_out_flat) {
  Exported lake(1, 1), pole(0, 1);
  FlatTransitions flat;
  CHECK(lake.batch->transitions(&flat) == Fault::none);
  const auto table = *Batch<FrozenLake>(1).transitions();
  CHECK_EQ(flat.actions, table.actions);
  CHECK_EQ(flat.start.size(), table.start.size());
  std::size_t next = 0;
  for (std::size_t place = 0; place < table.ways.size(); ++place)
    for (const auto& way : table.ways[place]) {
      CHECK_EQ(flat.rows[next].place, place);
      CHECK_EQ(flat.rows[next].way.probability, way.probability);
      CHECK_EQ(flat.rows[next].way.outcome.state, way.outcome.state);
      ++next;
    }
  CHECK_EQ(flat.rows.size(), next);
  CHECK(pole.batch->transitions(&flat) == Fault::none);
  CHECK_EQ(flat.actions, 0);
}

TEST(what_is_thrown_is_a_fault_with_its_message) {
  Exported failing(2);
  Batch<FrozenLake> shape(kLanes);
  const auto lanes = everyone(shape);
  start(*failing.batch, lanes);
  Buffers buffers(shape);
  const std::vector<std::int64_t> actions(kLanes, 0);
  CHECK(failing.batch->step_range(0, kLanes, actions.data(), buffers.outputs()) == Fault::overflow);
  CHECK_EQ(std::string(dromos_module()->message()), "too much");
  ModuleBatch* lane = nullptr;
  CHECK(failing.batch->fresh_lane(&lane) == Fault::none);
  CHECK_EQ(lane->episodes()->count, 1u);
  lane->destroy();
}

}  // namespace
