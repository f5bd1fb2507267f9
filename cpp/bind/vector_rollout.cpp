// Many steps of a batch in one call.
#include <algorithm>
#include <cstring>
#include <numeric>

#include "fastcall.hpp"
#include "numpy_arrays.hpp"
#include "observations.hpp"
#include "vector_batch.hpp"

namespace nb = nanobind;

namespace dromos::bind {
namespace {

// A call that takes longer has to be one that Ctrl-C ends before its last step.
constexpr double kPatienceNanoseconds = 50e6;

// The rollouts whose arrays are kept for reuse, each of at most so many rows: while one is being
// made, its caller holds the one before.
constexpr std::size_t kKeptRollouts = 2;
constexpr std::size_t kKeptRows = std::size_t{1} << 18;

nb::object leaves_of(nb::handle observations) {
  return PyTuple_CheckExact(observations.ptr()) ? nb::borrow(observations)
                                                : nb::object(nb::make_tuple(observations));
}

// Actions (steps, lanes, ...) where they lie, if they need no conversion; else null.
const void* plain_actions(nb::handle actions, const ActionLayout& layout, std::size_t steps,
                          std::size_t lanes) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(steps), static_cast<std::int64_t>(lanes),
                                static_cast<std::int64_t>(layout.count)};
  return array_data(actions.ptr(), layout.dtype, {shape, layout.count == 0 ? 2u : 3u});
}

}  // namespace

// The rows of `leaf` in an array (steps, lanes, ...) to write to.
Strand VectorBatch::strand_of(nb::handle array, const Leaf& leaf, std::size_t steps) const {
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(steps),
                                  static_cast<std::int64_t>(core_->lanes())};
  shape.insert(shape.end(), leaf.shape.begin(), leaf.shape.end());
  auto* data = static_cast<std::byte*>(writable_data(array.ptr(), leaf.dtype, shape));
  if (data == nullptr) throw nb::value_error("an array of another dtype, shape or layout");
  const std::size_t bytes = row_bytes(leaf);
  return {data, bytes, bytes * core_->lanes()};
}

std::unique_ptr<TrajectoryArrays> VectorBatch::trajectory(nb::handle actions, nb::tuple out) {
  const Layout& layout = core_->layout();
  if (nb::len(out) != 7) throw nb::value_error("expected seven arrays or tuples of arrays");
  const std::size_t steps = nb::len(actions);
  auto result = std::make_unique<TrajectoryArrays>();
  result->actions =
      static_cast<const std::byte*>(plain_actions(actions, layout.action, steps, core_->lanes()));
  if (result->actions == nullptr) throw LaneFault{"layout", -1};
  result->steps = steps;
  result->lanes = core_->lanes();
  result->kept[0] = nb::borrow(actions);
  result->kept[1] = out;
  Trajectory& rows = result->rows;
  const auto leaves = [&](nb::object arrays, std::vector<Strand>& strands) {
    if (nb::len(arrays) != layout.observation.size()) throw nb::value_error("too few leaves");
    for (std::size_t i = 0; i < layout.observation.size(); ++i)
      strands.push_back(strand_of(arrays[i], layout.observation[i], steps));
  };
  leaves(out[0], rows.observation);
  if (final_.is_valid()) {
    leaves(out[1], rows.final_observation);
    for (std::size_t i = 0; i < layout.info.size(); ++i)
      rows.final_info.push_back(
          {static_cast<std::byte*>(final_infos_.columns()[i]), layout.info[i].bytes, 0});
  }
  const nb::object infos = out[2];
  if (nb::len(infos) != layout.info.size()) throw nb::value_error("too few infos");
  result->unwanted = InfoColumns(layout.info, core_->lanes());
  for (std::size_t i = 0; i < layout.info.size(); ++i) {
    const FieldInfo& field = layout.info[i];
    Leaf leaf{field.dtype, field.bytes, {}};
    if (field.count != 0) {
      leaf.item_bytes = field.bytes / field.count;
      leaf.shape = {{static_cast<std::int64_t>(field.count)}, 1};
    }
    const nb::object array = infos[i];
    auto* unwanted = static_cast<std::byte*>(result->unwanted.columns()[i]);
    rows.info.push_back(array.is_none() ? Strand{unwanted, field.bytes, 0}
                                        : strand_of(array, leaf, steps));
  }
  rows.reward = reinterpret_cast<double*>(
      strand_of(out[3], Leaf{DType::float64, sizeof(double), {}}, steps).rows);
  std::uint8_t** flags[] = {&rows.terminated, &rows.truncated, &rows.valid};
  for (std::size_t i = 0; i < 3; ++i)
    *flags[i] = reinterpret_cast<std::uint8_t*>(
        strand_of(out[4 + i], Leaf{DType::boolean, 1, {}}, steps).rows);
  return result;
}

// SAME_STEP: what lanes observed last is their observation where no episode ended; and the batch
// itself keeps the last ends.
void VectorBatch::complete_finals(const Trajectory& trajectory, std::size_t first,
                                  std::size_t steps) {
  const std::size_t rows = core_->lanes();
  for (std::size_t i = 0; i < trajectory.final_observation.size(); ++i) {
    const Strand& seen = trajectory.observation[i];
    const Strand& final = trajectory.final_observation[i];
    auto* kept = static_cast<std::byte*>(final_leaves_[i]);
    for (std::size_t row = first * rows; row < (first + steps) * rows; ++row) {
      const bool ended = (trajectory.terminated[row] | trajectory.truncated[row]) != 0;
      std::byte* to = final.rows + row * final.bytes;
      if (ended)
        std::memcpy(kept + row % rows * final.bytes, to, final.bytes);
      else
        std::memcpy(to, seen.rows + row * seen.bytes, seen.bytes);
    }
  }
}

std::size_t VectorBatch::run(TrajectoryArrays& arrays, std::size_t first, std::size_t last,
                             bool to_the_end) {
  const Guard::Hold hold(guard);
  const std::size_t rows = core_->lanes();
  if (first >= last || last > arrays.steps || rows != arrays.lanes || (to_the_end && first != 0))
    throw nb::value_error("no such steps");
  const void* actions = arrays.actions + first * rows * action_bytes(core_->layout().action);
  const std::size_t steps = last - first;
  const std::int64_t bad = core_->first_bad_action(actions, steps * rows);
  if (bad >= 0) throw LaneFault{"action", static_cast<std::int64_t>(first * rows) + bad};
  if (const std::size_t idle = core_->episodes().first_idle(); idle < rows) check_status(idle);
  return move(arrays, first, last, to_the_end);
}

std::size_t VectorBatch::move(const TrajectoryArrays& arrays, std::size_t first, std::size_t last,
                              bool to_the_end) {
  const std::size_t rows = core_->lanes(), steps = last - first;
  const void* actions = arrays.actions + first * rows * action_bytes(core_->layout().action);
  const auto work = [&](std::size_t most) {
    std::size_t done = steps;
    if (to_the_end)
      core_->run_out(actions, steps, arrays.rows, most);
    else
      done = core_->run(actions, first, steps, arrays.rows, most);
    complete_finals(arrays.rows, first, done);
    return done;
  };
  if (core_->cost(rows) * static_cast<double>(steps) < kReleaseNanoseconds) return work(1);
  const Unlocked unlocked;
  return work(threads);
}

VectorBatch::Played VectorBatch::new_rollout(std::size_t steps) {
  const Layout& layout = core_->layout();
  const auto t = static_cast<std::int64_t>(steps), n = static_cast<std::int64_t>(core_->lanes());
  const std::int64_t shape[] = {t, n, static_cast<std::int64_t>(layout.action.count)};
  std::vector<void*> finals;
  void* data;
  Played played;
  played.parts[0] = made(new_observations(layout, {t + 1, n}, played.present));
  played.parts[1] = made(
      new_array(layout.action.dtype, {shape, layout.action.count == 0 ? 2u : 3u}, &played.actions));
  played.parts[2] = made(new_array(DType::float64, {shape, 2}, &data));
  for (std::size_t i = 3; i < 6; ++i)
    played.parts[i] = made(new_array(DType::boolean, {shape, 2}, &data));
  if (final_.is_valid())
    played.parts[6] = made(new_observations(layout, {t, n}, finals));
  else
    played.parts[6] = nb::none();

  nb::list behind;
  for (const nb::handle leaf : leaves_of(played.parts[0]))
    behind.append(leaf[nb::slice(nb::int_(1), nb::none(), nb::none())]);
  nb::list infos;
  for (std::size_t i = 0; i < layout.info.size(); ++i) infos.append(nb::none());
  played.arrays = trajectory(
      played.parts[1], nb::make_tuple(behind, leaves_of(played.parts[6]), infos, played.parts[2],
                                      played.parts[3], played.parts[4], played.parts[5]));
  for (const nb::object& part : played.parts) played.own.add(part.ptr());
  for (nb::object& kept : played.arrays->kept) kept.reset();  // `parts` keep it all
  return played;
}

// Arrays for a rollout, those of an earlier one if nobody looks at them any more: see
// free_arrays().
const VectorBatch::Played& VectorBatch::free_rollout(std::size_t steps) {
  for (const Played& played : played_)
    if (played.arrays->steps == steps && played.own.are_free()) return played;
  if (played_.size() == kKeptRollouts) played_.erase(played_.begin());
  return played_.emplace_back(new_rollout(steps));
}

nb::object VectorBatch::play(nb::handle actions) {
  const Guard::Hold hold(guard);
  const std::size_t rows = core_->lanes();
  const Py_ssize_t length = PyObject_Size(actions.ptr());
  if (length < 0) PyErr_Clear();
  const auto steps = static_cast<std::size_t>(std::max<Py_ssize_t>(length, 0));
  const void* data = plain_actions(actions, core_->layout().action, steps, rows);
  const bool simple = data != nullptr && steps > 0 && steps * rows <= kKeptRows &&
                      core_->cost(rows) * static_cast<double>(steps) < kPatienceNanoseconds &&
                      core_->episodes().autoreset != Autoreset::disabled &&
                      core_->first_bad_action(data, steps * rows) < 0 &&
                      core_->episodes().first_idle() == rows;
  if (!simple) return nb::none();
  const Played& played = free_rollout(steps);
  nb::object result = made(PyTuple_New(std::ssize(played.parts)));  // the arrays are taken now
  for (std::size_t i = 0; i < std::size(played.parts); ++i)
    PyTuple_SET_ITEM(result.ptr(), static_cast<Py_ssize_t>(i), played.parts[i].inc_ref().ptr());
  std::memcpy(played.actions, data, steps * rows * action_bytes(core_->layout().action));
  std::vector<std::int64_t> lanes(rows);
  std::iota(lanes.begin(), lanes.end(), 0);
  core_->observe(lanes, played.present.data());
  move(*played.arrays, 0, steps, false);
  return result;
}

}  // namespace dromos::bind
