#include "vector_batch.hpp"

#include <cstring>
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

// Two threads stepping one batch would mix their lanes: the second one is told.
class VectorBatch::Busy {
 public:
  explicit Busy(std::atomic<bool>& flag) : flag_(flag) {
    if (flag_.exchange(true, std::memory_order_acquire))
      throw std::runtime_error("this vector environment is being stepped by another thread");
  }
  ~Busy() { flag_.store(false, std::memory_order_release); }
  Busy(const Busy&) = delete;

 private:
  std::atomic<bool>& flag_;
};

VectorBatch::VectorBatch(std::unique_ptr<AnyBatch> core) : core_(std::move(core)) {
  if (core_->autoreset() != Autoreset::same_step) return;
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
  const Status status = core_->status()[lane];
  if (status == Status::unset) throw LaneFault{"reset", static_cast<std::int64_t>(lane)};
  if (status == Status::ended && core_->autoreset() == Autoreset::disabled)
    throw LaneFault{"ended", static_cast<std::int64_t>(lane)};
}

nb::object VectorBatch::reset_single() {
  static constexpr std::int64_t kLane[] = {0};
  core_->reset(kLane);
  std::vector<void*> leaves;
  const nb::object rows = checked(new_observations(core_->layout(), 1, leaves));
  core_->observe(kLane, leaves.data());
  const InfoColumns infos(core_->layout().info, 1);
  core_->inform(kLane, infos.columns());
  const nb::object keys = checked(new_info_keys(core_->layout().info));
  return nb::make_tuple(checked(single_observation(core_->layout(), leaves.data())),
                        checked(single_info(core_->layout().info, keys.ptr(), infos.columns())));
}

nb::object VectorBatch::step(nb::handle actions) {
  const Busy busy(busy_);
  const std::size_t rows = core_->lanes();
  const void* data = checked_actions(actions, rows);
  if (core_->autoreset() == Autoreset::disabled) {
    for (std::size_t lane = 0; lane < rows; ++lane) check_status(lane);
  } else {
    check_status(0);  // lanes are reset all together first
  }
  const Arrays& arrays = free_arrays();
  const Outputs out{arrays.leaves.data(),  arrays.reward,        arrays.terminated,
                    arrays.truncated,      final_leaves_.data(), arrays.infos.columns(),
                    final_infos_.columns()};
  nb::object result = arrays.result();  // from here on the arrays are taken
  if (core_->cost(rows) < kReleaseNanoseconds) {
    core_->step(data, out, 1);
  } else {
    const nb::gil_scoped_release released;
    core_->step(data, out, threads);
  }
  return result;
}

nb::object VectorBatch::step_some(std::span<const std::int64_t> lanes, nb::handle actions) {
  const Busy busy(busy_);
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
