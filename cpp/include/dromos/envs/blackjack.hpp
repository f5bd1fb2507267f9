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
  // Values from 1 (ace) to 10, eight to a number from its lowest byte on; 0: no card. A byte array
  // would make the processor wait when what was written byte by byte is read as a whole.
  using Cards = std::array<std::int64_t, kMostCards / 8>;

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
          Field{"player", &State::player, "", "the player's cards"},
          Field{"dealer", &State::dealer, "", "the dealer's cards; the first is shown"},
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
    if (first_card(state.dealer) == 10) state.face = static_cast<std::int8_t>(choice(rng, 3));
    return state;
  }

  template <class Rng>
  static Transition step(const Params& params, State& state, Action action, Rng& rng) {
    Total ours(state.player);
    if (action == 1) {
      ours.add(deal(state.player, state.player_cards, rng));
      return {ours.is_bust() ? -1.0 : 0.0, ours.is_bust()};
    }
    Total theirs(state.dealer);
    const bool natural = is_natural(state.player) && !(params.sab && is_natural(state.dealer));
    while (theirs.sum() < 17 && state.dealer_cards < std::int8_t{kMostCards})
      theirs.add(deal(state.dealer, state.dealer_cards, rng));
    const int lead = ours.score() - theirs.score();
    double reward = static_cast<double>(lead > 0) - static_cast<double>(lead < 0);
    if (params.sab && natural) reward = 1.0;
    if (!params.sab && params.natural && natural && reward == 1.0) reward = 1.5;
    return {reward, true};
  }

  static Observation observe(const Params&, const State& state) {
    const Total ours(state.player);
    return {ours.sum(), first_card(state.dealer), ours.has_usable_ace()};
  }

 private:
  // What the cards of a hand are worth together.
  class Total {
   public:
    // The sum of eight bytes is the top byte of their product with kOnes.
    explicit Total(const Cards& hand) {
      constexpr std::uint64_t kOnes = 0x0101010101010101;
      constexpr std::uint64_t kTops = 0x80 * kOnes;
      std::uint64_t aces = 0;
      for (const std::int64_t eight : hand) {
        const auto word = static_cast<std::uint64_t>(eight);
        low_ += static_cast<int>(word * kOnes >> 56);
        const std::uint64_t zero_if_ace = word ^ kOnes;
        aces |= (zero_if_ace - kOnes) & ~zero_if_ace & kTops;
      }
      has_ace_ = aces != 0;
    }
    void add(int card) {
      low_ += card;
      has_ace_ |= card == 1;
    }
    bool has_usable_ace() const { return has_ace_ && low_ + 10 <= 21; }
    int sum() const { return low_ + (has_usable_ace() ? 10 : 0); }
    bool is_bust() const { return low_ > 21; }
    int score() const { return is_bust() ? 0 : sum(); }

   private:
    int low_ = 0;  // aces count one
    bool has_ace_ = false;
  };

  // Draws a card and returns its value. One beyond a full hand is not kept: that hand is long bust.
  template <class Rng>
  static int deal(Cards& hand, std::int8_t& count, Rng& rng) {
    const auto card = static_cast<int>(std::min<std::int64_t>(choice(rng, 13) + 1, 10));
    const auto place = static_cast<std::size_t>(count);
    if (place < kMostCards) {
      hand[place / 8] |= static_cast<std::int64_t>(card) << place % 8 * 8;
      ++count;
    }
    return card;
  }

  static std::int64_t first_card(const Cards& hand) { return hand[0] & 0xff; }

  // An ace and a ten.
  static bool is_natural(const Cards& hand) { return hand[0] == 0x010a || hand[0] == 0x0a01; }
};

}  // namespace dromos
