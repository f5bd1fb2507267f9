// Runs the tests whose names contain the argument, or all.
#include <cstring>
#include <exception>

#include "check.hpp"

int main(int argc, char** argv) {
  using namespace dromos::testing;
  int run = 0;
  for (const Test& test : tests()) {
    if (argc > 1 && std::strstr(test.name, argv[1]) == nullptr) continue;
    ++run;
    const int before = failures();
    try {
      test.run();
    } catch (const std::exception& error) {
      fail(test.name, 0) << "unexpected exception: " << error.what() << '\n';
    }
    std::cout << (failures() == before ? "ok    " : "FAILED ") << test.name << std::endl;
  }
  std::cout << run << " tests, " << failures() << " failed checks\n";
  return failures() == 0 && run > 0 ? 0 : 1;
}
