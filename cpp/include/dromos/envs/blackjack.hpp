// Blackjack against a dealer, with cards from an endless deck: example 5.1 of Sutton and Barto,
// "Reinforcement Learning: An Introduction", 2nd edition (2018).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>

#include "../dynamics.hpp"
#include "../integers.hpp"

namespace dromos {

struct Blackjack {
  static constexpr const char* name = "Blackjack";
  static constexpr std::int64_t num_actions = 2;  // stick, hit
  static constexpr double step_nanoseconds = 25.0;

  // Enough for 22 aces, one more than a hand holds that is not bust.
  static constexpr std::size_t kMostCards = 24;
  using Cards = std::array<std::uint8_t, kMostCards>;  // values from 1 (ace) to 10; 0: no card

  struct Params {
    bool natural = false;
    bool sab = false;

    static constexpr auto fields() {
      return std::tuple{
          Field{"natural", &Params::natural, "", "a natural that wins pays 1.5"},
          Field{"sab", &Params::sab, "",
                "Sutton and Barto's rules: a natural beats all but another; natural is ignored"},
      };
    }
  };

  struct State {
    Cards player{};
    Cards dealer{};
    std::int8_t player_cards = 0;
    std::int8_t dealer_cards = 0;
    std::int8_t suit = 0;
    std::int8_t face = 0;

    static constexpr auto fields() {
      return std::tuple{
          Field{"player", &State::player, "", "values of the player's cards"},
          Field{"dealer", &State::dealer, "", "values of the dealer's cards; the first is shown"},
          Field{"player_cards", &State::player_cards, "", "number of the player's cards"},
          Field{"dealer_cards", &State::dealer_cards, "", "number of the dealer's cards"},
          Field{"suit", &State::suit, "", "of the card shown: clubs, diamonds, hearts, spades"},
          Field{"face", &State::face, "", "of the card shown, if it counts ten: J, Q, K"},
      };
    }
  };

  using Options = NoOptions;
  using Action = std::int64_t;
  using Observation = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

  template <class Rng>
  static State reset(const Params&, const Options&, Rng& rng) {
    State state;
    for (int i = 0; i < 2; ++i) deal(state.dealer, state.dealer_cards, rng);
    for (int i = 0; i < 2; ++i) deal(state.player, state.player_cards, rng);
    state.suit = static_cast<std::int8_t>(choice(rng, 4));
    if (state.dealer[0] == 10) state.face = static_cast<std::int8_t>(choice(rng, 3));
    return state;
  }

  template <class Rng>
  static Transition step(const Params& params, State& state, Action action, Rng& rng) {
    if (action == 1) {
      deal(state.player, state.player_cards, rng);
      const bool bust = sum(state.player) > 21;
      return {bust ? -1.0 : 0.0, bust};
    }
    while (sum(state.dealer) < 17 && state.dealer_cards < std::int8_t{kMostCards})
      deal(state.dealer, state.dealer_cards, rng);
    const int ours = score(state.player);
    const int theirs = score(state.dealer);
    const bool natural = is_natural(state.player);
    double reward = static_cast<double>(ours > theirs) - static_cast<double>(ours < theirs);
    if (params.sab && natural && !is_natural(state.dealer)) reward = 1.0;
    if (!params.sab && params.natural && natural && reward == 1.0) reward = 1.5;
    return {reward, true};
  }

  static Observation observe(const Params&, const State& state) {
    return {sum(state.player), state.dealer[0], has_usable_ace(state.player)};
  }

 private:
  // The card beyond a full hand is drawn but not kept: that hand is long bust.
  template <class Rng>
  static void deal(Cards& hand, std::int8_t& count, Rng& rng) {
    const auto rank = choice(rng, 13) + 1;
    if (static_cast<std::size_t>(count) < kMostCards)
      hand[static_cast<std::size_t>(count++)] =
          static_cast<std::uint8_t>(std::min<std::int64_t>(rank, 10));
  }

  // Aces count one here.
  static int low_sum(const Cards& hand) {
    int total = 0;
    for (const std::uint8_t card : hand) total += card;
    return total;
  }
  static bool has_usable_ace(const Cards& hand) {
    bool ace = false;
    for (const std::uint8_t card : hand) ace |= card == 1;
    return ace && low_sum(hand) + 10 <= 21;
  }
  static int sum(const Cards& hand) { return low_sum(hand) + (has_usable_ace(hand) ? 10 : 0); }
  static int score(const Cards& hand) {
    const int total = sum(hand);
    return total > 21 ? 0 : total;
  }
  // An ace and a ten.
  static bool is_natural(const Cards& hand) {
    return hand[2] == 0 && hand[0] + hand[1] == 11 && hand[0] * hand[1] == 10;
  }
};

}  // namespace dromos
