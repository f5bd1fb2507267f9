#include "dromos/envs/blackjack.hpp"

#include "../entry.hpp"

template dromos::bind::Entry dromos::bind::entry<dromos::Blackjack>();
