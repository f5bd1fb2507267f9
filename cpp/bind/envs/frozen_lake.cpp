#include "dromos/envs/frozen_lake.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::FrozenLake>();
