#include "vector_batch.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>
#include <stdexcept>

#include "fastcall.hpp"
#include "numpy_arrays.hpp"
#include "observations.hpp"

namespace nb = nanobind;

namespace dromos::bind {
namespace {

// The most steps whose arrays are kept for reuse: a caller that holds on to more gets new ones.
constexpr std::size_t kPoolSize = 4;

nb::object new_row_array(DType dtype, std::size_t rows, void** data) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(rows)};
  return made(new_array(dtype, shape, data));
}

}  // namespace

VectorBatch::VectorBatch(std::unique_ptr<AnyBatch> core) : core_(std::move(core)) {
  if (!core_->episodes().replaces()) return;
  final_ = made(new_observations(core_->layout(), {static_cast<std::int64_t>(core_->lanes())},
                                 final_leaves_));
  final_infos_ = InfoColumns(core_->layout().info, core_->lanes());
}

VectorBatch::Arrays VectorBatch::new_arrays(std::size_t rows) const {
  Arrays arrays;
  void* flags[2];
  void* reward;
  arrays.parts[0] =
      made(new_observations(core_->layout(), {static_cast<std::int64_t>(rows)}, arrays.leaves));
  arrays.parts[1] = new_row_array(DType::float64, rows, &reward);
  arrays.parts[2] = new_row_array(DType::boolean, rows, &flags[0]);
  arrays.parts[3] = new_row_array(DType::boolean, rows, &flags[1]);
  arrays.reward = static_cast<double*>(reward);
  arrays.terminated = static_cast<std::uint8_t*>(flags[0]);
  arrays.truncated = static_cast<std::uint8_t*>(flags[1]);
  for (const nb::object& part : arrays.parts) arrays.own.add(part.ptr());
  arrays.infos = InfoColumns(core_->layout().info, rows);
  return arrays;
}

nb::object VectorBatch::Arrays::result() const {
  return made(PyTuple_Pack(5, parts[0].ptr(), parts[1].ptr(), parts[2].ptr(), parts[3].ptr(),
                           infos.dict().ptr()));
}

// Arrays for a step. Those of an earlier step that nobody looks at any more serve again: fresh
// memory costs a page fault every 4 KiB, more than stepping the lanes that fill it.
VectorBatch::Arrays& VectorBatch::free_arrays() {
  for (auto& arrays : pool_)
    if (reuse_outputs || (arrays.own.are_free() && arrays.infos.are_free())) {
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
    final_rows = made(
        new_observations(core_->layout(), {static_cast<std::int64_t>(lanes.size())}, final_leaves));
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

void VectorBatch::take_lane(VectorBatch& single, std::span<const std::int64_t> lanes) {
  const Layout& layout = core_->layout();
  const std::int64_t first[] = {0};
  const auto copy = [&](Group group, View<FieldInfo> fields) {
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
      made(new_observations(core_->layout(), {static_cast<std::int64_t>(lanes.size())}, leaves));
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
  nb::object column = made(new_object_array(static_cast<std::int64_t>(ended.size()), &items));
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
