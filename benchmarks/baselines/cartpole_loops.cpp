// What CartPole costs without a library: two plain loops to compare with, called through ctypes.
//
// simd_steps, simd_steps_double: float32 and float64 lanes in arrays, one loop the compiler turns
// into SIMD, the sine and cosine as short polynomials (the angle stays small), ended lanes
// restarted by a second loop: ceilings. Actions and flags are as wide as the numbers. scalar_steps:
// an array of structs stepped one after another with libm, as simulators written as one C struct an
// environment do. simd_trajectory_double is the float64 loop with a row of every array for each step,
// (steps, n, ...), and actions (steps, n). All write observations (n, 4), rewards and two flags a lane, and restart ended
// episodes. Actions are (batches, n), used in turn; int32 but for float64 lanes.
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

constexpr float kGravity = 9.8f, kTotal = 1.1f, kPoleMass = 0.1f, kLength = 0.5f, kForce = 10.0f,
                kTau = 0.02f, kEdge = 2.4f, kLean = 0.20943951f;
constexpr int kLimit = 500;

template <class Real = float>
Real random_start(std::uint32_t& state) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return (static_cast<Real>(state) * Real(0x1p-32) - Real(0.5)) * Real(0.1);
}

template <class Real, class Integer>
void simd_loop(int n, int steps, int batches, const Integer* all_actions, float* observations,
               Real* rewards, std::uint8_t* terminated, std::uint8_t* truncated,
               std::size_t rows = 0) {
  constexpr Real gravity = kGravity, total = kTotal, pole_mass = kPoleMass, length = kLength,
                 push_force = kForce, tau = kTau, edge = kEdge, lean = kLean;
  std::vector<Real> columns(4 * static_cast<std::size_t>(n));
  Real* __restrict x = columns.data();
  Real* __restrict v = x + n;
  Real* __restrict angle = v + n;
  Real* __restrict spin = angle + n;
  std::vector<Integer> elapsed_lanes(n), ended_lanes(n);
  Integer* __restrict elapsed = elapsed_lanes.data();
  Integer* __restrict ended = ended_lanes.data();
  std::uint32_t random = 1;
  for (int step = 0; step < steps; ++step) {
    const Integer* __restrict actions = all_actions + static_cast<std::size_t>(step % batches) * n;
    for (int i = 0; i < n; ++i) {
      const Real z = angle[i] * angle[i];
      const Real sine =
          angle[i] *
          (1 + z * (Real(-1.6666667e-1) + z * (Real(8.3333333e-3) - z * Real(1.98412e-4))));
      const Real cosine = 1 + z * (Real(-0.5) + z * (Real(4.1666667e-2) +
                                                     z * (Real(-1.388889e-3) + z * Real(2.48e-5))));
      const Real force = actions[i] == 1 ? push_force : -push_force;
      const Real push = (force + pole_mass * length * spin[i] * spin[i] * sine) / total;
      const Real turn = (gravity * sine - cosine * push) /
                        (length * (Real(4) / 3 - pole_mass * cosine * cosine / total));
      const Real drive = push - pole_mass * length * turn * cosine / total;
      x[i] += tau * v[i];
      v[i] += tau * drive;
      angle[i] += tau * spin[i];
      spin[i] += tau * turn;
      elapsed[i] += 1;
      ended[i] =
          (std::fabs(x[i]) > edge) | (std::fabs(angle[i]) > lean) | ((elapsed[i] >= kLimit) << 1);
    }
    for (int i = 0; i < n; ++i) {
      observations[4 * i] = static_cast<float>(x[i]);
      observations[4 * i + 1] = static_cast<float>(v[i]);
      observations[4 * i + 2] = static_cast<float>(angle[i]);
      observations[4 * i + 3] = static_cast<float>(spin[i]);
    }
    for (int i = 0; i < n; ++i) {
      rewards[i] = 1;
      terminated[i] = ended[i] & 1;
      truncated[i] = ended[i] >> 1;
    }
    for (int i = 0; i < n; ++i) {
      if (ended[i] == 0) continue;
      x[i] = random_start<Real>(random);
      v[i] = random_start<Real>(random);
      angle[i] = random_start<Real>(random);
      spin[i] = random_start<Real>(random);
      elapsed[i] = 0;
    }
    observations += 4 * rows;
    rewards += rows;
    terminated += rows;
    truncated += rows;
  }
}

}  // namespace

extern "C" void simd_steps(int n, int steps, int batches, const std::int32_t* actions,
                           float* observations, float* rewards, std::uint8_t* terminated,
                           std::uint8_t* truncated) {
  simd_loop(n, steps, batches, actions, observations, rewards, terminated, truncated);
}

extern "C" void simd_steps_double(int n, int steps, int batches, const std::int64_t* actions,
                                  float* observations, double* rewards, std::uint8_t* terminated,
                                  std::uint8_t* truncated) {
  simd_loop(n, steps, batches, actions, observations, rewards, terminated, truncated);
}

extern "C" void simd_trajectory_double(int n, int steps, const std::int64_t* actions,
                                       float* observations, double* rewards,
                                       std::uint8_t* terminated, std::uint8_t* truncated) {
  simd_loop(n, steps, steps, actions, observations, rewards, terminated, truncated,
            static_cast<std::size_t>(n));
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
