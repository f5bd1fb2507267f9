// Values that somebody else keeps, in a row.
//
// Like std::span, which can be made of one, but of a layout that every compiler and standard
// library agree on: what is handed from a library to a program built apart is made of these and of
// numbers.
#pragma once

#include <cstddef>
#include <span>

namespace dromos {

template <class T>
struct View {
  const T* first = nullptr;
  std::size_t count = 0;

  constexpr View() = default;
  constexpr View(const T* values, std::size_t size) : first(values), count(size) {}
  constexpr View(std::span<const T> values) : first(values.data()), count(values.size()) {}

  constexpr const T* begin() const { return first; }
  constexpr const T* end() const { return first + count; }
  constexpr std::size_t size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr const T& operator[](std::size_t i) const { return first[i]; }
};

}  // namespace dromos
