#include "dromos/envs/acrobot.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::Acrobot>();
