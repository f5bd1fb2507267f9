#include "dromos/envs/continuous_mountain_car.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::ContinuousMountainCar>();
