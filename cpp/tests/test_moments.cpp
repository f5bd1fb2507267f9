// Running moments: merged batches have the moments of all rows, in every instruction set.
#include <cmath>
#include <cstdint>
#include <vector>

#include "check.hpp"
#include "dromos/moments.hpp"

using namespace dromos;

namespace {

struct State {
  explicit State(std::size_t size) : mean(size, 0.0), var(size, 1.0) {}
  Moments moments() { return {mean.data(), var.data(), &count, mean.size()}; }

  std::vector<double> mean, var;
  double count = 1e-4;
};

template <class T>
std::vector<T> drawn(std::size_t size) {
  std::vector<T> numbers(size);
  std::uint32_t state = 7;
  for (T& number : numbers) {
    state = state * 1664525u + 1013904223u;
    number = static_cast<T>(state >> 24);
  }
  return numbers;
}

const std::size_t kSizes[] = {0, 1, 3, 31, 63, 64, 65, 500};
const std::size_t kRows[] = {0, 1, 2, 15, 64, 65, 200};

// Everything that updates and normalisations write, for one type.
template <class T>
std::vector<double> everything() {
  std::vector<double> all;
  for (const std::size_t size : kSizes) {
    State state(size);
    for (const std::size_t rows : kRows) {
      const std::vector<T> x = drawn<T>(rows * size);
      std::vector<float> out(rows * size);
      update_and_normalize(state.moments(), Samples<T>{x.data(), rows}, 1e-8, out.data());
      all.insert(all.end(), out.begin(), out.end());
      normalize(state.moments(), Samples<T>{x.data(), rows}, 1e-3, out.data());
      all.insert(all.end(), out.begin(), out.end());
    }
    all.insert(all.end(), state.mean.begin(), state.mean.end());
    all.insert(all.end(), state.var.begin(), state.var.end());
    all.push_back(state.count);
  }
  return all;
}

TEST(every_instruction_set_writes_the_same) {
  std::vector<std::vector<double>> found;
  for (const auto set : {InstructionSet::avx512, InstructionSet::avx2, InstructionSet::baseline}) {
    limit_instruction_set(set);
    found.push_back(everything<std::uint8_t>());
    for (const auto& more : {everything<float>(), everything<double>()})
      found.back().insert(found.back().end(), more.begin(), more.end());
  }
  CHECK(found[0] == found[1]);
  CHECK(found[0] == found[2]);
}

TEST(merged_batches_have_the_moments_of_all_rows) {
  constexpr std::size_t kNumber = 482;
  for (const std::size_t size : {1, 3, 100}) {
    const auto x = drawn<double>(kNumber * size);
    State state(size);
    state.count = 0.0;
    std::size_t first = 0;
    for (const std::size_t rows : {1, 80, 400, 0, 1}) {
      update(state.moments(), Samples<double>{x.data() + first * size, rows});
      first += rows;
    }
    CHECK_EQ(state.count, static_cast<double>(kNumber));
    for (std::size_t j = 0; j < size; ++j) {
      double mean = 0.0, var = 0.0;
      for (std::size_t i = 0; i < kNumber; ++i) mean += x[i * size + j] / kNumber;
      for (std::size_t i = 0; i < kNumber; ++i)
        var += (x[i * size + j] - mean) * (x[i * size + j] - mean) / kNumber;
      CHECK(std::abs(state.mean[j] - mean) < 1e-10);
      CHECK(std::abs(state.var[j] - var) < 1e-8);
    }
  }
}

}  // namespace
