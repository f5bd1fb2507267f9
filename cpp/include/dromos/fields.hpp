// Plain structs that know their fields: what makes Params, State and Options readable by name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include "view.hpp"

namespace dromos {

enum class DType : std::uint8_t { boolean, int8, uint8, int32, int64, uint64, float32, float64 };

// The types that numbers of fields, actions and observations may have.
template <class T>
concept FieldNumber =
    std::is_same_v<T, bool> || std::is_same_v<T, std::int8_t> || std::is_same_v<T, std::uint8_t> ||
    std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t> ||
    std::is_same_v<T, std::uint64_t> || std::is_same_v<T, float> || std::is_same_v<T, double>;

template <class T>
constexpr DType dtype_of() {
  static_assert(FieldNumber<T>,
                "a field is a bool, std::int8_t, std::uint8_t, std::int32_t, std::int64_t, "
                "std::uint64_t, float, double, or a std::array of these");
  if constexpr (std::is_same_v<T, std::int8_t>) return DType::int8;
  if constexpr (std::is_same_v<T, std::uint8_t>) return DType::uint8;
  if constexpr (std::is_same_v<T, std::int32_t>) return DType::int32;
  if constexpr (std::is_same_v<T, std::int64_t>) return DType::int64;
  if constexpr (std::is_same_v<T, std::uint64_t>) return DType::uint64;
  if constexpr (std::is_same_v<T, float>) return DType::float32;
  if constexpr (std::is_same_v<T, double>) return DType::float64;
  return DType::boolean;
}

// What a field is made of: a number, or an array of `count` numbers.
template <class T>
struct Elements {
  using type = T;
  static constexpr std::size_t count = 0;
};
template <class T, std::size_t N>
struct Elements<std::array<T, N>> {
  using type = T;
  static constexpr std::size_t count = N;
};

// Which values a parameter may have; whoever takes them from outside checks. Spaces follow from
// parameters: of several values the greatest makes the widest, of what bounds them from below the
// least.
struct Bounds {
  double above = -std::numeric_limits<double>::infinity();
  double at_least = -std::numeric_limits<double>::infinity();
  double at_most = std::numeric_limits<double>::infinity();
  bool least_is_widest = false;
};
inline constexpr Bounds kPositive{.above = 0};
inline constexpr Bounds kNotNegative{.at_least = 0};
inline constexpr Bounds kProbability{.at_least = 0, .at_most = 1};
inline constexpr Bounds kLeastIsWidest{.least_is_widest = true};

// A member of a plain struct with the name users see, its unit, its meaning and its bounds. Its
// default is what a new struct holds.
template <class Owner, class T>
struct Field {
  using type = T;
  const char* name;
  T Owner::* member;
  const char* unit;
  const char* doc;
  Bounds bounds = {};
};

template <class Owner, class T>
Field(const char*, T Owner::*, const char*, const char*) -> Field<Owner, T>;
template <class Owner, class T>
Field(const char*, T Owner::*, const char*, const char*, Bounds) -> Field<Owner, T>;

// What is left of a Field once its type is erased. Lives as long as the program.
struct FieldInfo {
  const char* name;
  DType dtype;        // of a number
  std::size_t count;  // numbers of an array; 0: a scalar
  std::size_t bytes;  // of the whole field
  const char* unit;
  const char* doc;
  Bounds bounds;
  const void* initial;  // the field of a new struct
};

// A struct S with `static constexpr auto fields()` returning a tuple of Field<S, ...>, in order.
template <class S>
concept Reflected = std::is_default_constructible_v<S> && requires { S::fields(); };

template <Reflected S>
inline constexpr std::size_t field_count = std::tuple_size_v<decltype(S::fields())>;

// Calls visit(index_constant, field) for each field of S.
template <Reflected S, class Visit>
[[gnu::always_inline]] constexpr void for_each_field(Visit&& visit) {
  constexpr auto fields = S::fields();
  [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
    (visit(std::integral_constant<std::size_t, I>{}, std::get<I>(fields)), ...);
  }(std::make_index_sequence<field_count<S>>{});
}

// Whether one of the fields is an array.
template <Reflected S>
constexpr bool has_array_field() {
  bool found = false;
  for_each_field<S>([&](auto, const auto& field) {
    found |= Elements<typename std::remove_cvref_t<decltype(field)>::type>::count > 0;
  });
  return found;
}

template <Reflected S>
View<FieldInfo> field_infos() {
  static const S fresh{};
  static const auto infos = std::apply(
      [](const auto&... fields) {
        return std::array<FieldInfo, sizeof...(fields)>{FieldInfo{
            fields.name,
            dtype_of<
                typename Elements<typename std::remove_cvref_t<decltype(fields)>::type>::type>(),
            Elements<typename std::remove_cvref_t<decltype(fields)>::type>::count,
            sizeof(fresh.*fields.member), fields.unit, fields.doc, fields.bounds,
            &(fresh.*fields.member)}...};
      },
      S::fields());
  return {infos.data(), infos.size()};
}

}  // namespace dromos
