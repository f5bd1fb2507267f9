#include "dromos/envs/cartpole.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::CartPole>();
