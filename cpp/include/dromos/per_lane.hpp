// Values that most often are the same in every lane: parameters and reset options.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "columns.hpp"

namespace dromos {

// Array-of-structures storage, for structs too large to be put together from columns at each step.
template <Reflected S>
class Rows {
 public:
  explicit Rows(std::size_t lanes, const S& initial = S{}) : rows_(lanes, initial) {}

  const S& load(std::size_t lane) const { return rows_[lane]; }
  S& row(std::size_t lane) { return rows_[lane]; }
  void store(std::size_t lane, const S& value) { rows_[lane] = value; }

  // As in Columns.
  FieldPlace place(std::size_t field) { return field_place(rows_[0], field, sizeof(S)); }

 private:
  std::vector<S> rows_;
};

// One S for all lanes until somebody makes a lane differ, one a lane from then on. A struct with an
// array in it is handed out by reference, others by value.
template <Reflected S>
class PerLane {
  static constexpr bool kLarge = has_array_field<S>();
  using Storage = std::conditional_t<kLarge, Rows<S>, Columns<S>>;
  using Loaded = std::conditional_t<kLarge, const S&, S>;

 public:
  explicit PerLane(std::size_t lanes) : lanes_(lanes) {}

  bool uniform() const { return !own_; }
  const S& shared() const { return shared_; }
  Storage& own() { return *own_; }
  Loaded operator[](std::size_t lane) const {
    if (own_) return own_->load(lane);
    return shared_;
  }
  // Sets one lane's; `spread` must have been called unless there is only one, as for `alter`.
  void store(std::size_t lane, const S& value) {
    if (own_)
      own_->store(lane, value);
    else
      shared_ = value;
  }
  // Lets `change(S&)` change one lane's; large ones are changed where they are.
  template <class Change>
  void alter(std::size_t lane, const Change& change) {
    if (!own_) {
      change(shared_);
    } else if constexpr (kLarge) {
      change(own_->row(lane));
    } else {
      S value = own_->load(lane);
      change(value);
      own_->store(lane, value);
    }
  }
  // Gives every lane a struct of its own.
  void spread() {
    if (!own_) own_.emplace(lanes_, shared_);
  }

  // Where field `field` lies, to be read.
  FieldPlace place(std::size_t field) {
    return own_ ? own_->place(field) : field_place(shared_, field);
  }

  void write(std::size_t field, std::span<const std::int64_t> lanes, const void* in) {
    if (lanes.empty() || (uniform() && write_shared(field, lanes, in))) return;
    spread();
    scatter(own_->place(field), lanes, in);
  }

  // Puts the named lanes back to the struct's defaults.
  void clear(std::span<const std::int64_t> lanes) {
    if (lanes.size() == lanes_) {
      own_.reset();
      shared_ = S{};
    } else if (!lanes.empty()) {
      spread();
      for (const auto lane : lanes) own_->store(static_cast<std::size_t>(lane), S{});
    }
  }

 private:
  // True if every lane has the same value afterwards, which then stays shared.
  bool write_shared(std::size_t field, std::span<const std::int64_t> lanes, const void* in) {
    const FieldPlace place = field_place(shared_, field);
    const void* expected = lanes.size() == lanes_ ? in : place.first;
    if (!all_same(in, lanes.size(), place.bytes, expected)) return false;
    std::memcpy(place.first, in, place.bytes);
    return true;
  }

  std::size_t lanes_;
  S shared_{};
  std::optional<Storage> own_;
};

}  // namespace dromos
