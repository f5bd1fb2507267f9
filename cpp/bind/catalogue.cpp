#include "catalogue.hpp"

#include <cstddef>

namespace dromos {

struct Acrobot;
struct BipedalWalker;
struct Blackjack;
struct CarRacing;
struct CarRacingDiscrete;
struct CartPole;
struct CliffWalking;
struct ContinuousMountainCar;
struct FrozenLake;
struct LunarLander;
struct LunarLanderContinuous;
struct MountainCar;
struct Pendulum;
struct Taxi;

}  // namespace dromos

namespace dromos::bind {
namespace {

template <class... Environments>
std::map<std::string, Maker> makers() {
  return {entry<Environments>()...};
}

}  // namespace

std::map<std::string, Maker>& catalogue() {
  static auto table = makers<Acrobot, BipedalWalker, Blackjack, CarRacing, CarRacingDiscrete,
                             CartPole, CliffWalking, ContinuousMountainCar, FrozenLake, LunarLander,
                             LunarLanderContinuous, MountainCar, Pendulum, Taxi>();
  return table;
}

void use_bit_generator(AnyBatch& single, NumpyBits bits) {
  static constexpr std::int64_t kLane[] = {0};
  single.write_rng(kLane, reinterpret_cast<const std::byte*>(&bits));
}

}  // namespace dromos::bind
