// dromos._core.workers: what a process and its worker processes share.
#include <Python.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <dromos/affinity.hpp>
#include <dromos/exchange.hpp>
#include <dromos/parent_watch.hpp>
#include <dromos/system.hpp>
#include <numeric>
#include <thread>
#include <vector>

#include "bind.hpp"
#include "interpreter.hpp"

#ifdef __linux__
#include <fcntl.h>
#include <linux/falloc.h>
#endif

namespace dromos::bind {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using Bounds = std::vector<std::uint32_t>;
using Entries = std::vector<std::uint32_t>;

// A writable Python buffer, held as long as this lives.
class Memory {
 public:
  Memory(nb::handle owner, std::size_t least) {
    if (PyObject_GetBuffer(owner.ptr(), &view_, PyBUF_CONTIG) != 0) throw nb::python_error();
    if (static_cast<std::size_t>(view_.len) < least) {
      PyBuffer_Release(&view_);
      throw nb::value_error("the buffer is too small for the exchange");
    }
  }
  ~Memory() { PyBuffer_Release(&view_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  std::byte* data() const { return static_cast<std::byte*>(view_.buf); }

 private:
  Py_buffer view_{};
};

std::chrono::nanoseconds duration(double seconds) {
  constexpr double kLongest = 1e6;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(seconds, kLongest) * 1e9));
}

void fill(Entries& entries, const nb::list& from) {
  entries.clear();
  for (const nb::handle entry : from)
    entries.push_back(static_cast<std::uint32_t>(PyLong_AsUnsignedLongMask(entry.ptr())));
  if (PyErr_Occurred() != nullptr) throw nb::python_error();
}

nb::list list_of(const Entries& entries) {
  PyObject* list = PyList_New(static_cast<Py_ssize_t>(entries.size()));
  if (list == nullptr) throw nb::python_error();
  for (std::size_t i = 0; i < entries.size(); ++i)
    PyList_SET_ITEM(list, static_cast<Py_ssize_t>(i), PyLong_FromUnsignedLong(entries[i]));
  return nb::steal<nb::list>(list);
}

// Waits without the GIL. What has come before a signal handler raises stays for the next call.
template <class Wait>
Waited unlocked(Wait&& wait) {
  Waited outcome;
  {
    const Unlocked released;
    outcome = wait();
  }
  if (outcome == Waited::interrupted && PyErr_CheckSignals() != 0) throw nb::python_error();
  return outcome;
}

// Between two instructions of Python a signal may raise, as Ctrl-C does. What must not be torn is
// therefore one call each: a lane moves exactly as long as it is in `pending`, and an entry stays
// the first of those that have come until a call says what became of it.
class ParentEnd {
 public:
  ParentEnd(nb::handle buffer, const Bounds& bounds)
      : memory_(buffer, Exchange::bytes(bounds)),
        exchange_(memory_.data(), bounds),
        everyone_(bounds.back()),
        crowded_(exchange_.workers() >= usable_cpus().count) {
    std::iota(everyone_.begin(), everyone_.end(), 0);
  }

  void post(const nb::list& entries) {
    fill(posted_, entries);
    exchange_.post(posted_);
  }

  void move(const nb::list& entries, nb::dict pending) {
    fill(posted_, entries);
    exchange_.post(posted_);
    for (const std::uint32_t entry : posted_) pending[nb::int_(entry & kLaneMask)] = entry;
  }

  void move_everyone() {
    exchange_.post(everyone_);
    everyone_moves_ = true;
  }

  bool everyone_moves() const { return everyone_moves_; }

  void enter_everyone(nb::dict pending) {
    if (!everyone_moves_) return;
    for (const std::uint32_t entry : everyone_) pending[nb::int_(entry)] = entry;
    everyone_moves_ = false;
  }

  bool collect_everyone(double seconds) {
    if (!everyone_moves_) return false;
    const bool plain =
        wait(everyone_.size(), seconds) == Waited::changed &&
        collected_.size() == everyone_.size() &&
        std::ranges::all_of(collected_, [](auto entry) { return entry <= kLaneMask; });
    if (!plain) return false;
    collected_.clear();
    everyone_moves_ = false;
    return true;
  }

  nb::list collect(std::size_t minimum, double seconds) {
    wait(minimum, seconds);
    return list_of(collected_);
  }

  nb::object finish_plain(nb::dict pending, nb::list finished) {
    const auto end = std::ranges::find_if(collected_, [](auto entry) { return entry > kLaneMask; });
    finish(static_cast<std::size_t>(end - collected_.begin()), pending, finished);
    return collected_.empty() ? nb::none() : nb::object(nb::int_(collected_.front()));
  }

  void finish_first(nb::dict pending, nb::list finished) {
    finish(std::min<std::size_t>(1, collected_.size()), pending, finished);
  }

  void drop_first(const nb::list& answer) {
    post(answer);
    if (!collected_.empty()) collected_.erase(collected_.begin());
  }

  void clear(std::size_t worker) { exchange_.clear(worker); }

 private:
  Waited wait(std::size_t minimum, double seconds) {
    return unlocked([&] {
      if (crowded_) exchange_.make_room();
      return exchange_.collect(collected_, minimum, duration(seconds));
    });
  }

  // Of that many entries.
  void finish(std::size_t number, nb::dict& pending, nb::list& finished) {
    for (std::size_t i = 0; i < number; ++i) {
      const nb::int_ lane(collected_[i] & kLaneMask);
      nb::del(pending[lane]);
      finished.append(lane);
    }
    const auto begin = collected_.begin();
    collected_.erase(begin, begin + static_cast<std::ptrdiff_t>(number));
  }

  Memory memory_;
  Exchange exchange_;
  Entries everyone_;  // an entry of kind 0 for each lane
  bool everyone_moves_ = false;
  bool crowded_;
  Entries posted_;
  Entries collected_;
};

class WorkerEnd {
 public:
  WorkerEnd(nb::handle buffer, const Bounds& bounds, std::size_t worker)
      : memory_(buffer, Exchange::bytes(bounds)),
        exchange_(memory_.data(), bounds),
        everyone_(bounds.at(worker + 1) - bounds.at(worker)),
        worker_(worker) {
    std::iota(everyone_.begin(), everyone_.end(), bounds[worker]);
    exchange_.sit_down(worker);
  }

  // None for an entry of kind 0 for each lane.
  nb::object take(double seconds) {
    unlocked([&] { return exchange_.take(worker_, taken_, duration(seconds)); });
    nb::object entries = taken_ == everyone_ ? nb::none() : nb::object(list_of(taken_));
    taken_.clear();
    return entries;
  }

  // Who waits on this processor goes on at once.
  void publish_everyone() {
    exchange_.publish(worker_, everyone_);
    std::this_thread::yield();
  }

  void publish(const nb::list& entries) {
    fill(published_, entries);
    exchange_.publish(worker_, published_);
  }

 private:
  Memory memory_;
  Exchange exchange_;
  Entries everyone_;  // an entry of kind 0 for each lane of the worker
  std::size_t worker_;
  Entries taken_;
  Entries published_;
};

// Gives the memory of a part of a file back to the system, where that takes it before the file is
// closed; the part is to be written before it is read again.
void discard(int file, std::uint64_t offset, std::uint64_t bytes) {
#ifdef __linux__
  if (!uses_linux()) return;
  fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
            static_cast<off_t>(bytes));
#else
  static_cast<void>(file), static_cast<void>(offset), static_cast<void>(bytes);
#endif
}

}  // namespace

void register_workers(nb::module_& m) {
  m.attr("LANE_BITS") = kLaneBits;
  m.attr("USES_LINUX") = uses_linux();
  m.def("exchange_bytes", [](const Bounds& bounds) { return Exchange::bytes(bounds); }, "bounds"_a);
  m.def("end_with_parent", end_with_parent, "pipe"_a, "parent"_a);
  m.def("discard", discard, "file"_a, "offset"_a, "bytes"_a);
  nb::class_<ParentEnd>(m, "ParentEnd")
      .def(nb::init<nb::handle, const Bounds&>(), "buffer"_a, "bounds"_a)
      .def("post", &ParentEnd::post, "entries"_a)
      .def("move", &ParentEnd::move, "entries"_a, "pending"_a)
      .def("move_everyone", &ParentEnd::move_everyone)
      .def_prop_ro("everyone_moves", &ParentEnd::everyone_moves)
      .def("enter_everyone", &ParentEnd::enter_everyone, "pending"_a)
      .def("collect_everyone", &ParentEnd::collect_everyone, "seconds"_a)
      .def("collect", &ParentEnd::collect, "minimum"_a, "seconds"_a)
      .def("finish_plain", &ParentEnd::finish_plain, "pending"_a, "finished"_a)
      .def("finish_first", &ParentEnd::finish_first, "pending"_a, "finished"_a)
      .def("drop_first", &ParentEnd::drop_first, "answer"_a)
      .def("clear", &ParentEnd::clear, "worker"_a);
  nb::class_<WorkerEnd>(m, "WorkerEnd")
      .def(nb::init<nb::handle, const Bounds&, std::size_t>(), "buffer"_a, "bounds"_a, "worker"_a)
      .def("take", &WorkerEnd::take, "seconds"_a)
      .def("publish_everyone", &WorkerEnd::publish_everyone)
      .def("publish", &WorkerEnd::publish, "entries"_a);
}

}  // namespace dromos::bind
