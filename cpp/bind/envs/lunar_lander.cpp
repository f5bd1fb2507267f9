#include "dromos/envs/lunar_lander.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::LunarLander>();
template dromos::bind::Entry dromos::bind::entry<dromos::LunarLanderContinuous>();
