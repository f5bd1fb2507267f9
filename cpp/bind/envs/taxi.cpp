#include "dromos/envs/taxi.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::Taxi>();
