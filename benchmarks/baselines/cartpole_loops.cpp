// What CartPole costs without a library: two plain loops to compare with, called through ctypes.
//
// simd_steps: float32 lanes in arrays, one loop the compiler turns into SIMD, the sine and cosine
// as short polynomials (the angle stays small), ended lanes restarted by a second loop: a ceiling.
// scalar_steps: an array of structs stepped one after another with libm, as simulators written as
// one C struct an environment do.
// Both write observations (n, 4), rewards and two flags a lane, and restart ended episodes. Actions
// are int32 (batches, n), used in turn.
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

constexpr float kGravity = 9.8f, kTotal = 1.1f, kPoleMass = 0.1f, kLength = 0.5f, kForce = 10.0f,
                kTau = 0.02f, kEdge = 2.4f, kLean = 0.20943951f;
constexpr int kLimit = 500;

float random_start(std::uint32_t& state) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return (static_cast<float>(state) * 0x1p-32f - 0.5f) * 0.1f;
}

}  // namespace

extern "C" void simd_steps(int n, int steps, int batches, const std::int32_t* all_actions,
                           float* observations, float* rewards, std::uint8_t* terminated,
                           std::uint8_t* truncated) {
  std::vector<float> columns(4 * static_cast<std::size_t>(n));
  float* __restrict x = columns.data();
  float* __restrict v = x + n;
  float* __restrict angle = v + n;
  float* __restrict spin = angle + n;
  std::vector<std::int32_t> elapsed_lanes(n), ended_lanes(n);
  std::int32_t* __restrict elapsed = elapsed_lanes.data();
  std::int32_t* __restrict ended = ended_lanes.data();
  std::uint32_t random = 1;
  for (int step = 0; step < steps; ++step) {
    const std::int32_t* __restrict actions =
        all_actions + static_cast<std::size_t>(step % batches) * n;
    for (int i = 0; i < n; ++i) {
      const float z = angle[i] * angle[i];
      const float sine =
          angle[i] * (1 + z * (-1.6666667e-1f + z * (8.3333333e-3f - z * 1.98412e-4f)));
      const float cosine =
          1 + z * (-0.5f + z * (4.1666667e-2f + z * (-1.388889e-3f + z * 2.48e-5f)));
      const float force = actions[i] == 1 ? kForce : -kForce;
      const float push = (force + kPoleMass * kLength * spin[i] * spin[i] * sine) / kTotal;
      const float turn = (kGravity * sine - cosine * push) /
                         (kLength * (4.0f / 3 - kPoleMass * cosine * cosine / kTotal));
      const float drive = push - kPoleMass * kLength * turn * cosine / kTotal;
      x[i] += kTau * v[i];
      v[i] += kTau * drive;
      angle[i] += kTau * spin[i];
      spin[i] += kTau * turn;
      elapsed[i] += 1;
      ended[i] =
          (std::fabs(x[i]) > kEdge) | (std::fabs(angle[i]) > kLean) | ((elapsed[i] >= kLimit) << 1);
    }
    for (int i = 0; i < n; ++i) {
      observations[4 * i] = x[i];
      observations[4 * i + 1] = v[i];
      observations[4 * i + 2] = angle[i];
      observations[4 * i + 3] = spin[i];
    }
    for (int i = 0; i < n; ++i) {
      rewards[i] = 1;
      terminated[i] = ended[i] & 1;
      truncated[i] = ended[i] >> 1;
    }
    for (int i = 0; i < n; ++i) {
      if (ended[i] == 0) continue;
      x[i] = random_start(random);
      v[i] = random_start(random);
      angle[i] = random_start(random);
      spin[i] = random_start(random);
      elapsed[i] = 0;
    }
  }
}

namespace {

struct Cart {
  float x, v, angle, spin;
  int elapsed;
};

void step_one(Cart& cart, std::int32_t action, float* observation, float* reward,
              std::uint8_t* terminated, std::uint8_t* truncated, std::uint32_t& random) {
  const float sine = std::sin(cart.angle), cosine = std::cos(cart.angle);
  const float force = action == 1 ? kForce : -kForce;
  const float push = (force + kPoleMass * kLength * cart.spin * cart.spin * sine) / kTotal;
  const float turn = (kGravity * sine - cosine * push) /
                     (kLength * (4.0f / 3 - kPoleMass * cosine * cosine / kTotal));
  const float drive = push - kPoleMass * kLength * turn * cosine / kTotal;
  cart.x += kTau * cart.v;
  cart.v += kTau * drive;
  cart.angle += kTau * cart.spin;
  cart.spin += kTau * turn;
  *reward = 1;
  *terminated = std::fabs(cart.x) > kEdge || std::fabs(cart.angle) > kLean;
  *truncated = ++cart.elapsed >= kLimit;
  if (*terminated || *truncated)
    cart = {random_start(random), random_start(random), random_start(random), random_start(random),
            0};
  observation[0] = cart.x;
  observation[1] = cart.v;
  observation[2] = cart.angle;
  observation[3] = cart.spin;
}

}  // namespace

extern "C" void scalar_steps(int n, int steps, int batches, const std::int32_t* all_actions,
                             float* observations, float* rewards, std::uint8_t* terminated,
                             std::uint8_t* truncated) {
  std::vector<Cart> carts(n, Cart{});
  std::uint32_t random = 1;
  for (int step = 0; step < steps; ++step)
    for (int i = 0; i < n; ++i)
      step_one(carts[i], all_actions[static_cast<std::size_t>(step % batches) * n + i],
               observations + 4 * i, rewards + i, terminated + i, truncated + i, random);
}
