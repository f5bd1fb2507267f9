#include "catalogue.hpp"

#include <cstddef>

#include "dromos/batch.hpp"
#include "dromos/envs/acrobot.hpp"
#include "dromos/envs/blackjack.hpp"
#include "dromos/envs/cartpole.hpp"
#include "dromos/envs/cliff_walking.hpp"
#include "dromos/envs/continuous_mountain_car.hpp"
#include "dromos/envs/frozen_lake.hpp"
#include "dromos/envs/mountain_car.hpp"
#include "dromos/envs/pendulum.hpp"
#include "dromos/envs/taxi.hpp"

namespace dromos::bind {
namespace {

template <class... Environments>
std::map<std::string, Maker> makers() {
  std::map<std::string, Maker> table;
  (table.emplace(Environments::name,
                 Maker{[](std::size_t lanes, Autoreset autoreset, std::int32_t limit) {
                         return std::unique_ptr<AnyBatch>(
                             std::make_unique<Batch<Environments>>(lanes, autoreset, limit));
                       },
                       []() {
                         return std::unique_ptr<AnyBatch>(
                             std::make_unique<Batch<Environments, NumpyBits>>(1,
                                                                              Autoreset::disabled));
                       }}),
   ...);
  return table;
}

}  // namespace

const std::map<std::string, Maker>& catalogue() {
  static const auto table =
      makers<Acrobot, Blackjack, CartPole, CliffWalking, ContinuousMountainCar, FrozenLake,
             MountainCar, Pendulum, Taxi>();
  return table;
}

void use_bit_generator(AnyBatch& single, NumpyBits bits) {
  static constexpr std::int64_t kLane[] = {0};
  single.write_rng(kLane, reinterpret_cast<const std::byte*>(&bits));
}

}  // namespace dromos::bind
