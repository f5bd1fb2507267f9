// Bodies of the plane: what tests in Python cannot reach.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>

#include "check.hpp"
#include "dromos/envs/bipedal_walker.hpp"
#include "dromos/envs/lunar_lander.hpp"

using namespace dromos;

namespace {

// Box2D calls sinf and cosf one by one; a compiler may make one call of both here.
TEST(rotations_have_the_bits_of_the_c_library) {
  float (*volatile sine)(float) = ::sinf;
  float (*volatile cosine)(float) = ::cosf;
  const auto same = [](float a, float b) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
  };
  bool all = true;
  // Every 1021st float of up to 1000 turns, of both signs.
  const std::uint32_t last = std::bit_cast<std::uint32_t>(6283.2f);
  for (std::uint32_t bits = 0; bits <= last; bits += 1021) {
    for (const float angle : {std::bit_cast<float>(bits), -std::bit_cast<float>(bits)}) {
      const auto turn = plane::Rotation::by(angle);
      all = all && same(turn.sine, sine(angle)) && same(turn.cosine, cosine(angle));
    }
  }
  CHECK(all);
}

// A world has no bytes that nothing sets: equal histories are equal memory.
static_assert(sizeof(plane::Body) == 4 * 26);
static_assert(std::is_trivially_copyable_v<LunarLander::World>);
static_assert(std::is_trivially_copyable_v<BipedalWalker::World>);

Pcg64 stream(std::uint32_t seed) {
  const std::uint32_t words[] = {seed};
  return Pcg64::from_words(words);
}

TEST(a_copy_of_the_bytes_is_a_world_of_its_own) {
  const BipedalWalker::Params params{.hardcore = true};
  auto rng = stream(4);
  auto state = std::make_unique<BipedalWalker::State>(BipedalWalker::reset(params, {}, rng));
  auto copy = std::make_unique<BipedalWalker::State>(*state);
  const BipedalWalker::Action action{0.3f, -0.7f, 0.9f, -0.1f};
  for (int i = 0; i < 200; ++i) BipedalWalker::step(params, *state, action, rng);
  CHECK(state->bytes != copy->bytes);
  for (int i = 0; i < 200; ++i) BipedalWalker::step(params, *copy, action, rng);
  CHECK(state->bytes == copy->bytes);
  CHECK(state->world().shortage == plane::Shortage::none);
}

// Terrain and contacts stay within the room that a world has for them.
TEST(walkers_never_run_out_of_room) {
  const BipedalWalker::Params params{.hardcore = true};
  bool enough = true;
  auto rng = stream(7);
  for (int i = 0; i < 300; ++i) {
    const auto state =
        std::make_unique<BipedalWalker::State>(BipedalWalker::reset(params, {}, rng));
    enough = enough && state->world().shortage == plane::Shortage::none;
  }
  CHECK(enough);
}

}  // namespace
