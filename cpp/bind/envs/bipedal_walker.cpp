#include "dromos/envs/bipedal_walker.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::BipedalWalker>();
