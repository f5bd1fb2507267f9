// Many lanes of a robot on MuJoCo's own thread pool (mujoco/mjbatch.h). A lane is a row of states;
// the threads' mjData are the batch's, and belong to whichever lane they have just worked on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../episodes.hpp"
#include "plan.hpp"

namespace dromos::mujoco {

// Where the results of a call go. Row i is that of the i-th lane of the call, unless `rows` says.
struct Outputs {
  // A column of an info, float64, float32, int64, or float64 (rows, tendons).
  struct Column {
    enum class Kind { real, single, whole, array };
    void* data;
    Kind kind;
    int source;     // a Fact, or the index among the plan's copied arrays
    bool at_start;  // whether starts tell it, too
  };

  double* observations;     // (rows, observation_size)
  double* rewards;          // (rows,)
  bool* terminated;         // (rows,)
  std::int8_t* divergence;  // (rows,): a Divergence
  std::vector<Column> columns;
};

struct Call {
  const int* lanes;          // (count,)
  const std::int64_t* rows;  // (count,): of the outputs and, in a move, of the actions
  int count;
  const void* actions = nullptr;  // (rows, controls)
  bool float_actions = false;
  const bool* restarts = nullptr;  // (count,): where a move is a start instead
  Outputs outputs{};
};

// All lanes, many steps each: row t * lanes + lane of the outputs is what a lane gave in step t, of
// `finals` what it observed at its end, before SAME_STEP started the next episode.
struct Run {
  Call call;  // `rows` says nothing here
  int steps;
  Episodes* episodes;
  bool* truncated;
  bool* valid;     // whether the lane made a step of its environment
  double* finals;  // null but under SAME_STEP
};

class Pool {
 public:
  // Null on failure, with MuJoCo's message in `error`. `rest` outlives the pool.
  static Pool* make(const Plan& plan, const Model* model, int lanes, int threads, int frames,
                    const Task& task, const Rest& rest, std::string& error) {
    const BatchConfig config{threads, false};
    char message[1000] = "";
    Batch* batch = plan.library->call.make_batch(model, lanes, &config, message, sizeof message);
    if (batch == nullptr) {
      error = message;
      return nullptr;
    }
    return new Pool(plan, batch, lanes, frames, task, rest);
  }

  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { functions().delete_batch(batch_); }

  int lanes() const { return static_cast<int>(tasks.size()); }
  int state_size() const { return functions().state_size(batch_); }
  double* states() { return functions().state(batch_); }  // (lanes, state_size)
  Batch* batch() { return batch_; }
  const Functions& functions() const { return plan_.library->call; }

  std::vector<Task> tasks;     // (lanes,)
  std::vector<Pcg64> streams;  // (lanes,): what starts draw from
  std::vector<double> points;  // (lanes, kPoint): what the next step's reward looks back at
  std::vector<double> shown;   // (lanes, observation_size): the last observations
  int frames;

  // Starts lanes, or moves them. The number of lanes in which MuJoCo raised an error; those are as
  // they were before, and `error(lane)` says what it was.
  int start(const Call& call) { return run(call, start_lane); }
  int move(const Call& call) { return run(call, move_lane); }

  // Moves all lanes many times, each through all its steps before its thread takes the next. Of a
  // lane in which MuJoCo raised an error, `made(lane)` are the steps before it.
  int run(Run& todo) {
    made_.assign(tasks.size(), 0);
    RunWork work{this, &todo};
    return functions().apply(batch_, todo.call.lanes, todo.call.count, run_lane, &work, 1);
  }
  int made(int lane) const { return made_[static_cast<std::size_t>(lane)]; }

  bool failed(int lane) const { return functions().status(batch_)[lane] != 0; }
  const char* error(int lane) const { return functions().error(batch_, lane); }

 private:
  struct Work {
    Pool* pool;
    const Call* call;
  };
  struct RunWork {
    Pool* pool;
    Run* run;
  };

  Pool(const Plan& plan, Batch* batch, int count, int skip, const Task& task, const Rest& rest)
      : tasks(static_cast<std::size_t>(count), task),
        streams(static_cast<std::size_t>(count)),
        points(static_cast<std::size_t>(count) * kPoint),
        shown(static_cast<std::size_t>(count) * static_cast<std::size_t>(plan.observation_size)),
        frames(skip),
        plan_(plan),
        batch_(batch),
        rest_(rest),
        place_(static_cast<std::size_t>(count)) {}

  int run(const Call& call, LaneFunction function) {
    for (int i = 0; i < call.count; ++i) place_[static_cast<std::size_t>(call.lanes[i])] = i;
    Work work{this, &call};
    return functions().apply(batch_, call.lanes, call.count, function, &work, 1);
  }

  double* point(int lane) { return points.data() + static_cast<std::ptrdiff_t>(lane) * kPoint; }
  double* observation(int lane) {
    return shown.data() + static_cast<std::ptrdiff_t>(lane) * plan_.observation_size;
  }

  // The place of a lane in a call.
  static std::size_t place(const Work& work, int lane) {
    return static_cast<std::size_t>(work.pool->place_[static_cast<std::size_t>(lane)]);
  }

  static void move_lane(const Model* model, Data* data, int lane, void* argument) {
    const Work& work = *static_cast<Work*>(argument);
    Pool& pool = *work.pool;
    const Call& call = *work.call;
    if (call.restarts[place(work, lane)]) return start_lane(model, data, lane, argument);
    pool.move_one(call, pool.plan_.scene(model, data), lane, call.rows[place(work, lane)]);
  }

  void move_one(const Call& call, const Scene& scene, int lane, std::int64_t row) {
    Pool& pool = *this;
    const Plan& plan = plan_;
    const Action action = pool.action(call, row);
    const Task& task = pool.tasks[static_cast<std::size_t>(lane)];
    Report report;
    const Divergence divergence = plan.step(scene, task, pool.rest_, action, pool.frames,
                                            pool.point(lane), pool.observation(lane), report);
    const Outputs& to = call.outputs;
    pool.show(lane, row, to);
    to.rewards[row] = report.reward;
    to.terminated[row] = report.terminated;
    to.divergence[row] = static_cast<std::int8_t>(divergence);
    if (divergence == Divergence::none) pool.tell(scene, report.facts, row, to, false);
  }

  static void start_lane(const Model* model, Data* data, int lane, void* argument) {
    const Work& work = *static_cast<Work*>(argument);
    Pool& pool = *work.pool;
    const std::int64_t row = work.call->rows[place(work, lane)];
    pool.start_one(*work.call, model, data, lane, row);
  }

  void start_one(const Call& call, const Model* model, Data* data, int lane, std::int64_t row) {
    Pool& pool = *this;
    const Plan& plan = plan_;
    const Scene scene = plan.scene(model, data);
    const Task& task = pool.tasks[static_cast<std::size_t>(lane)];
    plan.library->call.reset_data(model, data);
    plan.start(scene, task, pool.rest_, pool.streams[static_cast<std::size_t>(lane)]);
    plan.observe(scene, task, pool.observation(lane));
    plan.robot->look(scene, task, pool.point(lane));
    pool.show(lane, row, call.outputs);
    double facts[kFacts] = {};
    plan.tell(scene, pool.rest_, facts);
    pool.tell(scene, facts, row, call.outputs, true);
  }

  static void run_lane(const Model* model, Data* data, int lane, void* argument) {
    const RunWork& work = *static_cast<RunWork*>(argument);
    Pool& pool = *work.pool;
    Run& todo = *work.run;
    const Call& call = todo.call;
    Episodes& episodes = *todo.episodes;
    const auto index = static_cast<std::size_t>(lane);
    const int size = pool.plan_.observation_size;
    for (int step = 0; step < todo.steps; ++step) {
      const std::int64_t row = static_cast<std::int64_t>(step) * call.count + lane;
      pool.made_[index] = step;
      const bool restarts = episodes.restarts(index);
      todo.valid[row] = !restarts;
      episodes.restarted[index] = restarts;
      if (restarts) {
        pool.start_one(call, model, data, lane, row);
        episodes.begin(index);
        call.outputs.rewards[row] = 0;
        call.outputs.terminated[row] = todo.truncated[row] = false;
        call.outputs.divergence[row] = 0;
        continue;
      }
      pool.move_one(call, pool.plan_.scene(model, data), lane, row);
      const auto [truncated, ended] = episodes.count_step(index, call.outputs.terminated[row],
                                                          call.outputs.divergence[row] != 0);
      todo.truncated[row] = truncated;
      if (todo.finals != nullptr)
        std::copy_n(pool.observation(lane), size, todo.finals + row * size);
      if (!ended || !episodes.replaces()) continue;
      pool.start_one(call, model, data, lane, row);
      episodes.begin(index);
    }
    pool.made_[index] = todo.steps;
  }

  Action action(const Call& call, std::int64_t row) const {
    const int size = plan_.sizes.controls;
    const char* rows = static_cast<const char*>(call.actions);
    const std::size_t bytes = call.float_actions ? sizeof(float) : sizeof(double);
    return {rows + static_cast<std::size_t>(row) * static_cast<std::size_t>(size) * bytes,
            call.float_actions, size};
  }

  void show(int lane, std::int64_t row, const Outputs& to) {
    std::copy_n(observation(lane), plan_.observation_size,
                to.observations + row * plan_.observation_size);
  }

  void tell(const Scene& scene, const double* facts, std::int64_t row, const Outputs& to,
            bool starts) const {
    for (const Outputs::Column& column : to.columns) {
      if (starts && !column.at_start) continue;
      switch (column.kind) {
        case Outputs::Column::Kind::real:
          static_cast<double*>(column.data)[row] = facts[column.source];
          break;
        case Outputs::Column::Kind::single:
          static_cast<float*>(column.data)[row] = static_cast<float>(facts[column.source]);
          break;
        case Outputs::Column::Kind::whole:
          static_cast<std::int64_t*>(column.data)[row] =
              static_cast<std::int64_t>(facts[column.source]);
          break;
        case Outputs::Column::Kind::array: {
          const int size = plan_.sizes.tendons;
          const std::ptrdiff_t field = plan_.copied[static_cast<std::size_t>(column.source)];
          std::copy_n(scene.array(field), size, static_cast<double*>(column.data) + row * size);
          break;
        }
      }
    }
  }

  const Plan& plan_;
  Batch* batch_;
  Rest rest_;
  std::vector<int> place_;  // of each lane in the present call
  std::vector<int> made_;   // steps of each lane in the present run
};

}  // namespace dromos::mujoco
