// Storage of states that are large: each lane's in one piece, stepped where it lies.
//
// A state asks for it by `static constexpr bool in_rows = true` and this header. There are as many
// rows as lanes, not padded to blocks, which only SIMD needs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "columns.hpp"

namespace dromos {

template <Reflected S>
  requires(S::in_rows)
class Columns<S> {
 public:
  explicit Columns(std::size_t lanes, const S& initial = S{}) : rows_(new S[lanes]) {
    std::fill_n(rows_.get(), lanes, initial);
  }

  // The row itself: what is changed in it is stored.
  std::reference_wrapper<S> load(std::size_t lane) const { return rows_[lane]; }

  void store(std::size_t lane, const S& value) {
    if (&rows_[lane] != &value) rows_[lane] = value;
  }

  // As that of other columns.
  FieldPlace place(std::size_t field) { return field_place(rows_[0], field, sizeof(S)); }

 private:
  std::unique_ptr<S[]> rows_;
};

}  // namespace dromos
