#include "plane_worlds.hpp"

#include "dromos/envs/bipedal_walker.hpp"
#include "dromos/envs/car_racing.hpp"
#include "dromos/envs/lunar_lander.hpp"

namespace dromos::bind {

const std::map<std::string, WorldReaders>& plane_worlds() {
  static const std::map<std::string, WorldReaders> table{
      {BipedalWalker::name, readers_of<BipedalWalker>()},
      {CarRacing::name, readers_of<CarRacing>()},
      {CarRacingDiscrete::name, readers_of<CarRacingDiscrete>()},
      {LunarLander::name, readers_of<LunarLander>()},
      {LunarLanderContinuous::name, readers_of<LunarLanderContinuous>()},
  };
  return table;
}

}  // namespace dromos::bind
