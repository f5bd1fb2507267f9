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
#include <span>
#include <type_traits>

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

  // As those of other columns.
  void read(std::size_t field, std::span<const std::int64_t> lanes, void* out) const {
    visit(field, [&](const auto& info) {
      using T = typename std::remove_cvref_t<decltype(info)>::type;
      auto* target = static_cast<T*>(out);
      for (const auto lane : lanes) *target++ = rows_[static_cast<std::size_t>(lane)].*info.member;
    });
  }
  void write(std::size_t field, std::span<const std::int64_t> lanes, const void* in) {
    visit(field, [&](const auto& info) {
      using T = typename std::remove_cvref_t<decltype(info)>::type;
      const auto* source = static_cast<const T*>(in);
      for (const auto lane : lanes) rows_[static_cast<std::size_t>(lane)].*info.member = *source++;
    });
  }

 private:
  template <class Visit>
  static void visit(std::size_t field, const Visit& visit) {
    for_each_field<S>([&](auto index, const auto& info) {
      if (index == field) visit(info);
    });
  }

  std::unique_ptr<S[]> rows_;
};

}  // namespace dromos
