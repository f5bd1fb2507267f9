// Pictures made grey and resized: every instruction set writes the same, and stays in its memory.
#include <cstdint>
#include <vector>

#include "check.hpp"
#include "dromos/pixels/grayscale.hpp"
#include "dromos/pixels/resize.hpp"

using namespace dromos;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes picture(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes)
    byte = static_cast<std::uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
  return bytes;
}

std::uint64_t hash(const Bytes& bytes, std::uint64_t start = 14695981039346656037u) {
  for (const std::uint8_t byte : bytes) start = (start ^ byte) * 1099511628211u;  // FNV-1a
  return start;
}

// One hash over many sizes: those of a block, one less, one more.
std::uint64_t greys(void (*convert)(const std::uint8_t*, std::uint8_t*, std::size_t)) {
  std::uint64_t all = 0;
  for (const std::size_t count : {0, 1, 63, 64, 65, 128, 1000}) {
    const Bytes rgb = picture(3 * count);
    Bytes grey(count);
    convert(rgb.data(), grey.data(), count);
    all = hash(grey, all);
  }
  return all;
}

std::uint64_t resized(std::size_t channels) {
  const pixels::Extent sizes[] = {{210, 160, channels}, {84, 84, channels}, {42, 28, channels},
                                  {1, 1, channels},     {2, 9, channels},   {83, 170, channels}};
  std::uint64_t all = 0;
  for (const auto& from : sizes)
    for (const auto& to : sizes) {
      Bytes out(to.size());
      AreaResizer resize(from, to);
      for (int again = 0; again < 2; ++again) resize(picture(from.size()).data(), out.data());
      all = hash(out, all);
    }
  return all;
}

TEST(every_instruction_set_writes_the_same) {
  std::vector<std::vector<std::uint64_t>> found;
  for (const auto set : {InstructionSet::avx512, InstructionSet::avx2, InstructionSet::baseline}) {
    limit_instruction_set(set);
    found.push_back(
        {greys(grayscale), greys(luma), resized(1), resized(2), resized(3), resized(4)});
  }
  CHECK(found[0] == found[1]);
  CHECK(found[0] == found[2]);
}

TEST(one_colour_stays_one_colour) {
  for (const std::size_t size : {1, 7, 84, 85, 168, 210}) {
    const Bytes image(size * size, 255);
    Bytes out(84 * 84);
    AreaResizer({size, size, 1}, {84, 84, 1})(image.data(), out.data());
    CHECK(out == Bytes(84 * 84, 255));
  }
}

TEST(an_output_is_the_mean_of_what_it_covers) {
  const Bytes image = {0, 100, 200, 40, 60, 80};  // 2 × 3
  Bytes out(1);
  AreaResizer({2, 3, 1}, {1, 1, 1})(image.data(), out.data());
  CHECK_EQ(int{out[0]}, 80);
  Bytes halves(2);
  AreaResizer({2, 3, 1}, {1, 2, 1})(image.data(), halves.data());
  CHECK_EQ(int{halves[0]}, 40);   // 2/3 of (0 + 40) / 2 and 1/3 of (100 + 60) / 2
  CHECK_EQ(int{halves[1]}, 120);  // 1/3 of (100 + 60) / 2 and 2/3 of (200 + 80) / 2
}

}  // namespace
