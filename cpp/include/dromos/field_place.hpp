// Fields found by their number at run time: code that moves them knows no struct, so that it is
// compiled once and not for each field of each environment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>

#include "fields.hpp"

namespace dromos {

// Where a field of several lanes lies: `bytes` of each, the first at `first`.
struct FieldPlace {
  std::byte* first;
  std::size_t bytes;
  std::size_t stride;  // from a lane to the next, in bytes; 0: all lanes have the same

  std::byte* at(std::int64_t lane) const { return first + static_cast<std::size_t>(lane) * stride; }
};

// Field `field` of `value`, which is one of an array of S or shared by all lanes.
template <Reflected S>
FieldPlace field_place([[maybe_unused]] S& value, std::size_t field,
                       [[maybe_unused]] std::size_t stride = 0) {
  return std::apply(
      [&](const auto&... fields) {
        const FieldPlace places[] = {{reinterpret_cast<std::byte*>(&(value.*fields.member)),
                                      sizeof(value.*fields.member), stride}...,
                                     {}};
        return places[field];
      },
      S::fields());
}

namespace detail {

// A size that is known when this is compiled spares a call for each lane.
template <std::size_t kBytes>
void gather(const FieldPlace& from, std::span<const std::int64_t> lanes, std::byte* out) {
  for (std::size_t i = 0; i < lanes.size(); ++i)
    std::memcpy(out + i * kBytes, from.at(lanes[i]), kBytes);
}
template <std::size_t kBytes>
void scatter(const FieldPlace& to, std::span<const std::int64_t> lanes, const std::byte* in) {
  for (std::size_t i = 0; i < lanes.size(); ++i)
    std::memcpy(to.at(lanes[i]), in + i * kBytes, kBytes);
}

}  // namespace detail

// Copies the field of the named lanes to `out`, an array of the field's type.
inline void gather(const FieldPlace& from, std::span<const std::int64_t> lanes, void* out) {
  auto* target = static_cast<std::byte*>(out);
  if (from.bytes == sizeof(double)) return detail::gather<sizeof(double)>(from, lanes, target);
  if (from.bytes == sizeof(float)) return detail::gather<sizeof(float)>(from, lanes, target);
  for (std::size_t i = 0; i < lanes.size(); ++i)
    std::memcpy(target + i * from.bytes, from.at(lanes[i]), from.bytes);
}

// The other way.
inline void scatter(const FieldPlace& to, std::span<const std::int64_t> lanes, const void* in) {
  const auto* source = static_cast<const std::byte*>(in);
  if (to.bytes == sizeof(double)) return detail::scatter<sizeof(double)>(to, lanes, source);
  if (to.bytes == sizeof(float)) return detail::scatter<sizeof(float)>(to, lanes, source);
  for (std::size_t i = 0; i < lanes.size(); ++i)
    std::memcpy(to.at(lanes[i]), source + i * to.bytes, to.bytes);
}

// Whether each of `count` values of so many bytes is that of `expected`, bit by bit.
inline bool all_same(const void* values, std::size_t count, std::size_t bytes,
                     const void* expected) {
  const auto* value = static_cast<const std::byte*>(values);
  for (std::size_t i = 0; i < count; ++i)
    if (std::memcmp(value + i * bytes, expected, bytes) != 0) return false;
  return true;
}

}  // namespace dromos
