// A test framework of three macros.
//
//   TEST(name) { CHECK(condition); CHECK_EQ(found, expected); CHECK_THROWS(Type, expression); }
//
// A failed check prints its place and values and the test goes on; main() fails in the end.
#pragma once

#include <concepts>
#include <cstring>
#include <iostream>
#include <vector>

namespace dromos::testing {

struct Test {
  const char* name;
  void (*run)();
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

inline int& failures() {
  static int count = 0;
  return count;
}

struct Registration {
  Registration(const char* name, void (*run)()) { tests().push_back({name, run}); }
};

inline std::ostream& fail(const char* file, int line) {
  ++failures();
  return std::cerr << file << ':' << line << ": ";
}

inline void check(bool passed, const char* text, const char* file, int line) {
  if (!passed) fail(file, line) << text << " does not hold\n";
}

// Equal as bits for floating-point numbers, so that -0 is not 0 and NaN is NaN.
template <class T>
bool same(const T& found, const T& expected) {
  if constexpr (std::floating_point<T>)
    return std::memcmp(&found, &expected, sizeof(T)) == 0;
  else
    return found == expected;
}

template <class T>
void check_eq(const T& found, const std::type_identity_t<T>& expected, const char* text,
              const char* file, int line) {
  if (same(found, expected)) return;
  fail(file, line).precision(17);
  std::cerr << text << ": expected " << expected << ", found " << found << '\n';
}

}  // namespace dromos::testing

#define TEST(name)                                                             \
  static void name();                                                          \
  static const ::dromos::testing::Registration registered_##name(#name, name); \
  static void name()

#define CHECK(condition) ::dromos::testing::check((condition), #condition, __FILE__, __LINE__)

#define CHECK_EQ(found, expected) \
  ::dromos::testing::check_eq((found), (expected), #found, __FILE__, __LINE__)

#define CHECK_THROWS(Type, expression)                                                  \
  do {                                                                                  \
    bool thrown = false;                                                                \
    try {                                                                               \
      expression;                                                                       \
    } catch (const Type&) {                                                             \
      thrown = true;                                                                    \
    }                                                                                   \
    ::dromos::testing::check(thrown, #expression " throws " #Type, __FILE__, __LINE__); \
  } while (false)
