// Lanes of robots on a pool of threads, over a toy that stands in for MuJoCo: joints that coast, an
// error that leaves by longjmp, a simulation that diverges.
#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "check.hpp"
#include "dromos/mujoco/pool.hpp"

using namespace dromos;
using namespace dromos::mujoco;

namespace {

constexpr int kJoints = 6, kControls = 3;

struct ToyModel {
  double timestep = 0.01;
};

struct ToyData {
  struct {
    int info, number;
  } warnings[8] = {};  // of positions, velocities, accelerations, …
  double positions[kJoints] = {}, velocities[kJoints] = {}, controls[kControls] = {};
  double *qpos = positions, *qvel = velocities, *ctrl = controls;
};

struct ToyBatch {
  ToyModel model;
  int threads;
  std::vector<double> states;  // (lanes, 2 * kJoints)
  std::vector<int> status;
};

thread_local std::jmp_buf way_out;

ToyData& toy(Data* data) { return *reinterpret_cast<ToyData*>(data); }
ToyBatch& toy(Batch* batch) { return *reinterpret_cast<ToyBatch*>(batch); }

void reset_data(const Model*, Data* data) {
  std::fill_n(toy(data).positions, kJoints, 0.0);
  std::fill_n(toy(data).velocities, kJoints, 0.0);
}

void step(const Model* model, Data* data) {
  ToyData& at = toy(data);
  if (at.controls[0] > 100) std::longjmp(way_out, 1);  // MuJoCo's error
  for (int i = 0; i < kJoints; ++i) {
    at.velocities[i] += at.controls[i % kControls];
    at.positions[i] += 0.01 * at.velocities[i];
  }
  if (at.controls[1] < -100) {  // MuJoCo counts it and resets in silence
    reset_data(model, data);
    ++at.warnings[1].number;
  }
}

void nothing(const Model*, Data*) {}

Batch* make_batch(const Model*, int lanes, const BatchConfig* config, char*, int) {
  const auto count = static_cast<std::size_t>(lanes);
  return reinterpret_cast<Batch*>(new ToyBatch{
      {}, config->threads, std::vector<double>(count * 2 * kJoints), std::vector<int>(count)});
}

void delete_batch(Batch* batch) { delete &toy(batch); }

// Nothing with a destructor is alive where the function may be left.
bool guarded(const ToyBatch& batch, ToyData& data, int lane, LaneFunction function,
             void* argument) {
  if (setjmp(way_out) != 0) return false;
  function(reinterpret_cast<const Model*>(&batch.model), reinterpret_cast<Data*>(&data), lane,
           argument);
  return true;
}

void apply_to(ToyBatch& batch, const int* lanes, int count, LaneFunction function, void* argument) {
  ToyData data;
  for (int i = 0; i < count; ++i) {
    double* state = batch.states.data() + static_cast<std::ptrdiff_t>(lanes[i]) * 2 * kJoints;
    std::copy_n(state, kJoints, data.positions);
    std::copy_n(state + kJoints, kJoints, data.velocities);
    const bool done = guarded(batch, data, lanes[i], function, argument);
    batch.status[static_cast<std::size_t>(lanes[i])] = !done;
    if (!done) continue;
    std::copy_n(data.positions, kJoints, state);
    std::copy_n(data.velocities, kJoints, state + kJoints);
  }
}

int apply(Batch* batch, const int* lanes, int count, LaneFunction function, void* argument, int) {
  ToyBatch& all = toy(batch);
  std::vector<std::thread> threads;
  const int share = (count + all.threads - 1) / all.threads;
  for (int first = 0; first < count; first += share)
    threads.emplace_back(apply_to, std::ref(all), lanes + first, std::min(share, count - first),
                         function, argument);
  for (std::thread& thread : threads) thread.join();
  int failed = 0;
  for (int i = 0; i < count; ++i) failed += all.status[static_cast<std::size_t>(lanes[i])];
  return failed;
}

const char* error(const Batch*, int) { return "the toy broke"; }
const int* status(const Batch* batch) { return toy(const_cast<Batch*>(batch)).status.data(); }
double* state(Batch* batch) { return toy(batch).states.data(); }
int state_size(const Batch*) { return 2 * kJoints; }

Library library() {
  Library found{};
  found.call.step = step;
  found.call.forward = found.call.rne_post_constraint = nothing;
  found.call.reset_data = reset_data;
  found.call.make_batch = make_batch;
  found.call.delete_batch = delete_batch;
  found.call.apply = apply;
  found.call.error = error;
  found.call.status = status;
  found.call.state = state;
  found.call.state_size = state_size;
  found.layout.timestep = offsetof(ToyModel, timestep);
  found.layout.warning = offsetof(ToyData, warnings);
  found.layout.qpos = offsetof(ToyData, qpos);
  found.layout.qvel = offsetof(ToyData, qvel);
  found.layout.ctrl = offsetof(ToyData, ctrl);
  return found;
}

// Lanes of a hopper, and the arrays of one call.
struct Lanes {
  Lanes(int count, int threads) : size(static_cast<std::size_t>(count)) {
    plan.library = &found;
    plan.robot = std::find_if(std::begin(kRobots), std::end(kRobots),
                              [](const Robot& robot) { return robot.name == "Hopper"; });
    plan.sizes = {kJoints, kJoints, kControls, 0, 0};
    plan.pieces = {{found.layout.qpos, 1, kJoints - 1, Piece::How::copy, 0, 0, 0},
                   {found.layout.qvel, 0, kJoints, Piece::How::clip, -10, 10, 0}};
    plan.observation_size = 2 * kJoints - 1;
    Task task;
    task.reset_noise_scale = 0.1;
    task.healthy_z_low = task.healthy_angle_low = -1e9;
    task.healthy_z_high = task.healthy_angle_high = 1e9;
    std::string problem;
    pool.reset(Pool::make(plan, nullptr, count, threads, 2, task, {rest, rest}, problem));
    for (std::uint32_t lane = 0; lane < size; ++lane) {
      const std::uint32_t seed[] = {lane};
      pool->streams[lane] = Pcg64::from_words(seed);
      all.push_back(static_cast<int>(lane));
      rows.push_back(lane);
    }
    observations.resize(size * static_cast<std::size_t>(plan.observation_size));
    rewards.resize(size);
    x.resize(size);
    forward.resize(size);
    actions.resize(size * kControls);
    divergence.resize(size);
    terminated = std::make_unique<bool[]>(size);
    restarts = std::make_unique<bool[]>(size);
  }

  Call call() {
    Call call{all.data(), rows.data(), static_cast<int>(size)};
    call.actions = actions.data();
    call.restarts = restarts.get();
    using Kind = Outputs::Column::Kind;
    call.outputs = {
        observations.data(),
        rewards.data(),
        terminated.get(),
        divergence.data(),
        {{x.data(), Kind::real, kX, true}, {forward.data(), Kind::real, kForward, false}}};
    return call;
  }

  std::size_t size;
  Library found = library();
  Plan plan{};
  double rest[kJoints] = {};
  std::unique_ptr<Pool> pool;
  std::vector<int> all;
  std::vector<std::int64_t> rows;
  std::vector<double> observations, rewards, x, forward, actions;
  std::vector<std::int8_t> divergence;
  std::unique_ptr<bool[]> terminated, restarts;
};

TEST(results_do_not_depend_on_the_number_of_threads) {
  Lanes one(13, 1), four(13, 4);
  for (Lanes* lanes : {&one, &four}) {
    CHECK_EQ(lanes->pool->start(lanes->call()), 0);
    for (int i = 0; i < 20; ++i) {
      for (std::size_t k = 0; k < lanes->actions.size(); ++k)
        lanes->actions[k] = static_cast<double>((static_cast<std::size_t>(i) + k) % 5) - 2;
      lanes->restarts[static_cast<std::size_t>(i) % lanes->size] = true;
      CHECK_EQ(lanes->pool->move(lanes->call()), 0);
    }
  }
  CHECK(one.observations == four.observations);
  CHECK(one.rewards == four.rewards);
  CHECK(one.pool->shown == four.pool->shown);
}

TEST(a_start_among_moves_pays_nothing_and_tells_what_starts_tell) {
  Lanes lanes(3, 2);
  lanes.pool->start(lanes.call());
  lanes.actions.assign(lanes.actions.size(), 1.0);
  lanes.pool->move(lanes.call());
  const double untold = std::numeric_limits<double>::max();
  lanes.rewards.assign(3, 0);
  lanes.x.assign(3, untold);
  lanes.forward.assign(3, untold);
  lanes.restarts[1] = true;
  lanes.pool->move(lanes.call());
  CHECK(lanes.rewards[0] != 0 && lanes.rewards[1] == 0 && lanes.rewards[2] != 0);
  CHECK(lanes.x[0] != untold && lanes.x[1] != untold && lanes.x[2] != untold);
  CHECK(lanes.forward[0] != untold && lanes.forward[1] == untold && lanes.forward[2] != untold);
  CHECK(std::abs(lanes.x[1]) <= 0.1);
}

TEST(an_error_stops_its_lane_alone) {
  Lanes lanes(5, 2), spared(5, 2);
  for (Lanes* each : {&lanes, &spared}) each->pool->start(each->call());
  const std::vector<double> before(lanes.pool->states(), lanes.pool->states() + 5 * 2 * kJoints);
  lanes.actions[2 * kControls] = 101;
  CHECK_EQ(lanes.pool->move(lanes.call()), 1);
  CHECK_EQ(spared.pool->move(spared.call()), 0);
  for (int lane = 0; lane < 5; ++lane) {
    CHECK_EQ(lanes.pool->failed(lane), lane == 2);
    for (int i = 2 * kJoints * lane; i < 2 * kJoints * (lane + 1); ++i)
      CHECK_EQ(lanes.pool->states()[i],
               lane == 2 ? before[static_cast<std::size_t>(i)] : spared.pool->states()[i]);
  }
  CHECK_EQ(std::string(lanes.pool->error(2)), "the toy broke");
}

TEST(a_lane_that_diverges_is_told_and_at_rest) {
  Lanes lanes(2, 2);
  lanes.pool->start(lanes.call());
  lanes.actions[kControls + 1] = -101;
  CHECK_EQ(lanes.pool->move(lanes.call()), 0);
  CHECK_EQ(static_cast<int>(lanes.divergence[0]), 0);
  CHECK_EQ(static_cast<int>(lanes.divergence[1]), static_cast<int>(Divergence::velocity));
  CHECK_EQ(lanes.rewards[1], 0.0);
  for (int i = 0; i < lanes.plan.observation_size; ++i)
    CHECK_EQ(lanes.observations[static_cast<std::size_t>(lanes.plan.observation_size + i)], 0.0);
}

}  // namespace
