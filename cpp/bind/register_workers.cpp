// dromos._core.workers: what a process and its worker processes share.
#include <Python.h>
#include <nanobind/stl/vector.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <dromos/affinity.hpp>
#include <dromos/exchange.hpp>
#include <dromos/parent_watch.hpp>
#include <numeric>
#include <vector>

#include "bind.hpp"

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

nb::list take_all(Entries& entries) {
  PyObject* list = PyList_New(static_cast<Py_ssize_t>(entries.size()));
  if (list == nullptr) throw nb::python_error();
  for (std::size_t i = 0; i < entries.size(); ++i)
    PyList_SET_ITEM(list, static_cast<Py_ssize_t>(i), PyLong_FromUnsignedLong(entries[i]));
  entries.clear();
  return nb::steal<nb::list>(list);
}

// Waits without the GIL. What has come before a signal handler raises stays for the next call.
template <class Wait>
Waited unlocked(Wait&& wait) {
  Waited outcome;
  {
    nb::gil_scoped_release release;
    outcome = wait();
  }
  if (outcome == Waited::interrupted && PyErr_CheckSignals() != 0) throw nb::python_error();
  return outcome;
}

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

  void post_everyone() { exchange_.post(everyone_); }

  // Whether nothing has come but an entry of kind 0 from each lane; what else has come stays to be
  // collected.
  bool collect_everyone(double seconds) {
    const bool plain =
        wait(everyone_.size(), seconds) == Waited::changed &&
        collected_.size() == everyone_.size() &&
        std::ranges::all_of(collected_, [](auto entry) { return entry <= kLaneMask; });
    if (plain) collected_.clear();
    return plain;
  }

  nb::list collect(std::size_t minimum, double seconds) {
    wait(minimum, seconds);
    return take_all(collected_);
  }

  void clear(std::size_t worker) { exchange_.clear(worker); }

 private:
  Waited wait(std::size_t minimum, double seconds) {
    return unlocked([&] {
      if (crowded_) exchange_.make_room();
      return exchange_.collect(collected_, minimum, duration(seconds));
    });
  }

  Memory memory_;
  Exchange exchange_;
  Entries everyone_;  // an entry of kind 0 for each lane
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
    if (taken_ != everyone_) return take_all(taken_);
    taken_.clear();
    return nb::none();
  }

  // Who waits on this processor goes on at once.
  void publish_everyone() {
    exchange_.publish(worker_, everyone_);
    sched_yield();
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

// Gives the memory of a part of a file back to the system; reading it gives zeros then.
void discard(int file, std::uint64_t offset, std::uint64_t bytes) {
#ifdef __linux__
  fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
            static_cast<off_t>(bytes));
#else
  static_cast<void>(file), static_cast<void>(offset), static_cast<void>(bytes);
#endif
}

}  // namespace

void register_workers(nb::module_& m) {
  m.attr("LANE_BITS") = kLaneBits;
  m.def("exchange_bytes", [](const Bounds& bounds) { return Exchange::bytes(bounds); }, "bounds"_a);
  m.def("end_with_parent", end_with_parent, "pipe"_a, "parent"_a);
  m.def("discard", discard, "file"_a, "offset"_a, "bytes"_a);
  nb::class_<ParentEnd>(m, "ParentEnd")
      .def(nb::init<nb::handle, const Bounds&>(), "buffer"_a, "bounds"_a)
      .def("post", &ParentEnd::post, "entries"_a)
      .def("post_everyone", &ParentEnd::post_everyone)
      .def("collect_everyone", &ParentEnd::collect_everyone, "seconds"_a)
      .def("collect", &ParentEnd::collect, "minimum"_a, "seconds"_a)
      .def("clear", &ParentEnd::clear, "worker"_a);
  nb::class_<WorkerEnd>(m, "WorkerEnd")
      .def(nb::init<nb::handle, const Bounds&, std::size_t>(), "buffer"_a, "bounds"_a, "worker"_a)
      .def("take", &WorkerEnd::take, "seconds"_a)
      .def("publish_everyone", &WorkerEnd::publish_everyone)
      .def("publish", &WorkerEnd::publish, "entries"_a);
}

}  // namespace dromos::bind
