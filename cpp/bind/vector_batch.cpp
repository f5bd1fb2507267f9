#include "vector_batch.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>
#include <stdexcept>

#include "numpy_arrays.hpp"
#include "observations.hpp"

namespace nb = nanobind;

namespace dromos::bind {
namespace {

// Below this, releasing the interpreter lock costs more than others could gain.
constexpr double kReleaseNanoseconds = 20'000.0;

nb::object checked(PyObject* object) {
  if (object == nullptr) throw nb::python_error();
  return nb::steal(object);
}

// The most steps whose arrays are kept for reuse: a caller that holds on to more gets new ones.
constexpr std::size_t kPoolSize = 4;

nb::object new_row_array(DType dtype, std::size_t rows, void** data) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(rows)};
  return checked(new_array(dtype, shape, data));
}

}  // namespace

VectorBatch::VectorBatch(std::unique_ptr<AnyBatch> core) : core_(std::move(core)) {
  if (!core_->episodes().replaces()) return;
  final_ = checked(
      new_observations(core_->layout(), static_cast<std::int64_t>(core_->lanes()), final_leaves_));
  final_infos_ = InfoColumns(core_->layout().info, core_->lanes());
}

VectorBatch::Arrays VectorBatch::new_arrays(std::size_t rows) const {
  Arrays arrays;
  void* flags[2];
  void* reward;
  arrays.parts[0] =
      checked(new_observations(core_->layout(), static_cast<std::int64_t>(rows), arrays.leaves));
  arrays.parts[1] = new_row_array(DType::float64, rows, &reward);
  arrays.parts[2] = new_row_array(DType::boolean, rows, &flags[0]);
  arrays.parts[3] = new_row_array(DType::boolean, rows, &flags[1]);
  arrays.reward = static_cast<double*>(reward);
  arrays.terminated = static_cast<std::uint8_t*>(flags[0]);
  arrays.truncated = static_cast<std::uint8_t*>(flags[1]);
  arrays.infos = InfoColumns(core_->layout().info, rows);
  return arrays;
}

// Whether nobody else can see the arrays: views and other libraries hold references too.
bool VectorBatch::Arrays::only_ours() const {
  for (const auto& part : parts)
    if (Py_REFCNT(part.ptr()) != 1) return false;
  if (PyTuple_CheckExact(parts[0].ptr()))
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(parts[0].ptr()); ++i)
      if (Py_REFCNT(PyTuple_GET_ITEM(parts[0].ptr(), i)) != 1) return false;
  return infos.only_ours();
}

nb::object VectorBatch::Arrays::result() const {
  return checked(PyTuple_Pack(5, parts[0].ptr(), parts[1].ptr(), parts[2].ptr(), parts[3].ptr(),
                              infos.dict().ptr()));
}

// Arrays for a step. Those of an earlier step that nobody looks at any more serve again: fresh
// memory costs a page fault every 4 KiB, more than stepping the lanes that fill it.
VectorBatch::Arrays& VectorBatch::free_arrays() {
  for (auto& arrays : pool_)
    if (reuse_outputs || arrays.only_ours()) {
      arrays.infos.mark_all();
      return arrays;
    }
  if (pool_.size() == kPoolSize) pool_.erase(pool_.begin());
  return pool_.emplace_back(new_arrays(core_->lanes()));
}

const void* VectorBatch::checked_actions(nb::handle actions, std::size_t rows) const {
  const ActionLayout& layout = core_->layout().action;
  const std::int64_t shape[] = {static_cast<std::int64_t>(rows),
                                static_cast<std::int64_t>(layout.count)};
  const void* data = array_data(actions.ptr(), layout.dtype, {shape, layout.count == 0 ? 1u : 2u});
  if (data == nullptr) throw LaneFault{"layout", -1};
  const std::int64_t bad = core_->first_bad_action(data, rows);
  if (bad >= 0) throw LaneFault{"action", bad};
  return data;
}

void VectorBatch::check_status(std::size_t lane) const {
  if (core_->episodes().is_idle(lane)) throw LaneFault{"idle", static_cast<std::int64_t>(lane)};
}

nb::object VectorBatch::step(nb::handle actions) {
  const Guard::Hold hold(guard);
  const std::size_t rows = core_->lanes();
  const void* data = checked_actions(actions, rows);
  if (const std::size_t idle = core_->episodes().first_idle(); idle < rows) check_status(idle);
  const Arrays& arrays = free_arrays();
  const Outputs out{arrays.leaves.data(),  arrays.reward,        arrays.terminated,
                    arrays.truncated,      final_leaves_.data(), arrays.infos.columns(),
                    final_infos_.columns()};
  nb::object result = arrays.result();  // from here on the arrays are taken
  if (core_->cost(rows) < kReleaseNanoseconds) {
    core_->step(data, out, 1);
  } else {
    const Unlocked unlocked;
    core_->step(data, out, threads);
  }
  return result;
}

nb::object VectorBatch::step_some(std::span<const std::int64_t> lanes, nb::handle actions) {
  const Guard::Hold hold(guard);
  const void* data = checked_actions(actions, lanes.size());
  for (const auto lane : lanes) check_status(static_cast<std::size_t>(lane));
  const Arrays arrays = new_arrays(lanes.size());
  std::vector<void*> final_leaves;
  nb::object final_rows;
  InfoColumns final_infos;
  if (final_.is_valid()) {
    final_rows = checked(
        new_observations(core_->layout(), static_cast<std::int64_t>(lanes.size()), final_leaves));
    final_infos = InfoColumns(core_->layout().info, lanes.size());
  }
  const Outputs out{arrays.leaves.data(), arrays.reward,       arrays.terminated,
                    arrays.truncated,     final_leaves.data(), arrays.infos.columns(),
                    final_infos.columns()};
  core_->step_some(lanes, data, out);
  // Rows of this call go to their lanes' places.
  for (std::size_t leaf = 0; leaf < final_leaves.size(); ++leaf) {
    const std::size_t bytes = row_bytes(core_->layout().observation[leaf]);
    for (std::size_t row = 0; row < lanes.size(); ++row)
      std::memcpy(static_cast<std::byte*>(final_leaves_[leaf]) +
                      static_cast<std::size_t>(lanes[row]) * bytes,
                  static_cast<std::byte*>(final_leaves[leaf]) + row * bytes, bytes);
  }
  if (final_.is_valid())
    for (std::size_t row = 0; row < lanes.size(); ++row)
      final_infos_.copy_row(static_cast<std::size_t>(lanes[row]), final_infos, row);
  return arrays.result();
}

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

nb::object VectorBatch::trajectory(nb::handle actions, nb::tuple out) {
  const Layout& layout = core_->layout();
  if (nb::len(out) != 7) throw nb::value_error("expected seven arrays or tuples of arrays");
  const std::size_t steps = nb::len(actions);
  const std::int64_t shape[] = {static_cast<std::int64_t>(steps),
                                static_cast<std::int64_t>(core_->lanes()),
                                static_cast<std::int64_t>(layout.action.count)};
  auto result = std::make_unique<TrajectoryArrays>();
  result->actions = static_cast<const std::byte*>(
      array_data(actions.ptr(), layout.action.dtype, {shape, layout.action.count == 0 ? 2u : 3u}));
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
      leaf.shape.push_back(static_cast<std::int64_t>(field.count));
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
  return nb::cast(result.release(), nb::rv_policy::take_ownership);
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
  const ActionLayout& layout = core_->layout().action;
  const std::size_t bytes = layout.item_bytes * std::max<std::size_t>(layout.count, 1);
  const void* actions = arrays.actions + first * rows * bytes;
  const std::size_t steps = last - first;
  const std::int64_t bad = core_->first_bad_action(actions, steps * rows);
  if (bad >= 0) throw LaneFault{"action", static_cast<std::int64_t>(first * rows) + bad};
  if (const std::size_t idle = core_->episodes().first_idle(); idle < rows) check_status(idle);
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

void VectorBatch::take_lane(VectorBatch& single, std::span<const std::int64_t> lanes) {
  const Layout& layout = core_->layout();
  const std::int64_t first[] = {0};
  const auto copy = [&](Group group, const std::vector<FieldInfo>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::size_t bytes = fields[i].bytes;
      std::vector<std::byte> values(bytes * lanes.size());
      single.core().read(group, i, first, values.data());
      for (std::size_t row = 1; row < lanes.size(); ++row)
        std::memcpy(values.data() + row * bytes, values.data(), bytes);
      core_->write(group, i, lanes, values.data());
    }
  };
  if (lanes.empty()) return;
  copy(Group::params, layout.params);
  copy(Group::state, layout.state);
  copy(Group::options, layout.options);
}

nb::object VectorBatch::observe(std::span<const std::int64_t> lanes) {
  std::vector<void*> leaves;
  nb::object result =
      checked(new_observations(core_->layout(), static_cast<std::int64_t>(lanes.size()), leaves));
  core_->observe(lanes, leaves.data());
  return result;
}

nb::dict VectorBatch::infos(std::span<const std::int64_t> lanes) {
  const InfoColumns infos(core_->layout().info, lanes.size());
  core_->inform(lanes, infos.columns());
  return infos.dict();
}

nb::dict VectorBatch::final_infos(std::span<const bool> ended) {
  return final_infos_.chosen_rows(ended).dict();
}

nb::object VectorBatch::final_observation() {
  if (!final_.is_valid()) throw std::runtime_error("final observations are kept in SAME_STEP only");
  return final_;
}

nb::object VectorBatch::final_column(std::span<const bool> ended) {
  const Layout& layout = core_->layout();
  PyObject** items;
  nb::object column = checked(new_object_array(static_cast<std::int64_t>(ended.size()), &items));
  std::vector<void*> row(final_leaves_.size());
  for (std::size_t lane = 0; lane < ended.size(); ++lane) {
    if (!ended[lane]) continue;
    for (std::size_t leaf = 0; leaf < row.size(); ++leaf)
      row[leaf] =
          static_cast<std::byte*>(final_leaves_[leaf]) + lane * row_bytes(layout.observation[leaf]);
    PyObject* observation = single_observation(layout, row.data());
    if (observation == nullptr) throw nb::python_error();
    Py_SETREF(items[lane], observation);
  }
  return column;
}

}  // namespace dromos::bind
