#include "dromos/envs/car_racing.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::CarRacing>();
template dromos::bind::Entry dromos::bind::entry<dromos::CarRacingDiscrete>();
