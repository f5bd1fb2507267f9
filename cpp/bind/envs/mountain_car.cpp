#include "dromos/envs/mountain_car.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::MountainCar>();
