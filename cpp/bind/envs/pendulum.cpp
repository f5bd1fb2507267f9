#include "dromos/envs/pendulum.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::Pendulum>();
