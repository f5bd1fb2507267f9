#include "dromos/envs/cliff_walking.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::CliffWalking>();
