// Storage of many lanes: one array a field, so that SIMD loads neighbours.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "field_place.hpp"

namespace dromos {

// Lanes a kernel takes at a time; columns are padded to a multiple of it.
inline constexpr std::size_t kBlock = 64;

constexpr std::size_t padded(std::size_t lanes) { return (lanes + kBlock - 1) / kBlock * kBlock; }

// A fixed number of plain values on cache-line boundaries.
template <class T>
class Column {
  static_assert(std::is_trivially_copyable_v<T>);
  static constexpr std::size_t kAlignment = 64;

 public:
  // Memory of more than is needed, of which an aligned part is taken: that is much faster than to
  // ask for aligned memory, of which a single lane has a dozen small pieces.
  Column(std::size_t size, T value)
      : size_(size),
        memory_(std::make_unique_for_overwrite<std::byte[]>(size * sizeof(T) + kAlignment - 1)) {
    const auto start = reinterpret_cast<std::uintptr_t>(memory_.get());
    values_ = reinterpret_cast<T*>(memory_.get() + (-start % kAlignment));
    std::uninitialized_fill_n(values_, size, value);
  }

  std::size_t size() const { return size_; }
  T* data() { return values_; }
  const T* data() const { return values_; }
  T& operator[](std::size_t i) { return values_[i]; }
  const T& operator[](std::size_t i) const { return values_[i]; }

 private:
  std::size_t size_;
  std::unique_ptr<std::byte[]> memory_;
  T* values_;
};

// Structure-of-arrays storage of `lanes` values of S, in columns of padded(lanes) elements.
template <Reflected S>
class Columns {
  template <std::size_t... I>
  static auto columns_type(std::index_sequence<I...>)
      -> std::tuple<Column<typename std::tuple_element_t<I, decltype(S::fields())>::type>...>;
  using Indices = std::make_index_sequence<field_count<S>>;
  using Tuple = decltype(columns_type(Indices{}));

 public:
  explicit Columns(std::size_t lanes, const S& initial = S{})
      : columns_(filled(padded(lanes), initial, Indices{})) {}

  // Inlined whatever a compiler thinks of it: a step of one lane is little more.
  [[gnu::always_inline]] S load(std::size_t lane) const {
    S value;
    for_each_field<S>([&](auto index, const auto& field) {
      value.*field.member = std::get<index>(columns_)[lane];
    });
    return value;
  }

  [[gnu::always_inline]] void store(std::size_t lane, const S& value) {
    for_each_field<S>([&](auto index, const auto& field) {
      std::get<index>(columns_)[lane] = value.*field.member;
    });
  }

  template <std::size_t Index>
  auto* data() {
    return std::get<Index>(columns_).data();
  }

  // Where field `field` lies.
  FieldPlace place(std::size_t field) {
    return std::apply(
        [&](auto&... columns) {
          const FieldPlace places[] = {{reinterpret_cast<std::byte*>(columns.data()),
                                        sizeof(columns[0]), sizeof(columns[0])}...,
                                       {}};
          return places[field];
        },
        columns_);
  }

 private:
  template <std::size_t... I>
  static Tuple filled([[maybe_unused]] std::size_t size, [[maybe_unused]] const S& initial,
                      std::index_sequence<I...>) {
    [[maybe_unused]] constexpr auto fields = S::fields();
    return Tuple{std::tuple_element_t<I, Tuple>(size, initial.*std::get<I>(fields).member)...};
  }

  Tuple columns_;
};

}  // namespace dromos
