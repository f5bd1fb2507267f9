// Pictures made grey and resized: every instruction set writes the same, and stays in its memory.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "check.hpp"
#include "dromos/pixels/grayscale.hpp"
#include "dromos/pixels/palette.hpp"
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

TEST(a_palette_learns_what_it_is_shown) {
  // Two rows alike, a third with a byte of its own.
  const Bytes screen{7, 9, 7, 9, 9, 200}, grey{1, 2, 1, 2, 2, 3};
  const Bytes rgb{1, 0, 5, 2, 0, 6, 1, 0, 5, 2, 0, 6, 2, 0, 6, 3, 0, 255};
  Palette palette;
  Bytes greys(6), colours(18);
  CHECK(!palette.to_grey(screen.data(), greys.data(), 3, 2));
  palette.learn(screen.data(), grey.data(), rgb.data(), 4);
  CHECK(palette.to_rgb(screen.data(), colours.data(), 2, 2));
  CHECK(!palette.to_rgb(screen.data(), colours.data(), 3, 2));
  palette.learn(screen.data(), grey.data(), rgb.data(), 6);
  CHECK(palette.to_grey(screen.data(), greys.data(), 3, 2));
  CHECK(palette.to_rgb(screen.data(), colours.data(), 3, 2));
  CHECK(greys == grey);
  CHECK(colours == rgb);
}

TEST(equal_rows_are_weighed_once) {
  const pixels::Extent from{210, 160, 1}, to{84, 84, 1};
  Bytes image = picture(from.size());
  for (std::size_t y = 3; y < 100; ++y)
    std::copy_n(image.data() + 2 * from.row(), from.row(), image.data() + y * from.row());
  Bytes once(to.size()), again(to.size());
  AreaResizer fresh(from, to), used(from, to);
  used(picture(from.size()).data(), again.data());
  fresh(image.data(), once.data());
  used(image.data(), again.data());
  CHECK(once == again);
  // The mean of equal rows is the row: between the edges of the equal part all rows are one.
  for (std::size_t y = 3; y < 39; ++y)
    CHECK(std::equal(once.data() + 2 * to.row(), once.data() + 3 * to.row(),
                     once.data() + y * to.row()));
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
