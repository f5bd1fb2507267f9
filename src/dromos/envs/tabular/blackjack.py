"""Blackjack as functions of JAX."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

import numpy as np

from dromos.envs.functional_games import DrawnFuncEnv, JaxEnv
from dromos.envs.jax_library import jax, jnp
from dromos.render.raster import Raster
from dromos.spaces import Box, Discrete

__all__ = ["BlackJackJaxEnv", "BlackJackParams", "BlackjackFunctional", "EnvState"]

#: The most cards a hand may hold: twenty-one aces.
_MOST_CARDS = 21
_TWENTY_ONE = 21
_DEALER_STICKS_AT = 17


class EnvState(NamedTuple):
    """The cards on the table.

    Attributes:
        dealer_hand: The dealer's cards, 1 to 10, the first face up; 0 for none; float32 (21,).
        player_hand: The player's.
        dealer_cards: How many the dealer holds.
        player_cards: How many the player holds.
        done: 1 once the game is over.
    """

    dealer_hand: Any
    player_hand: Any
    dealer_cards: Any
    player_cards: Any
    done: Any


class BlackJackParams(NamedTuple):
    """The rules.

    Attributes:
        natural: Whether a win with an ace and a ten pays 1.5; not under the rules of the book.
        sutton_and_barto: Whether an ace and a ten win, unless the dealer has them too.
    """

    natural: bool = False
    sutton_and_barto: bool = True


class BlackjackFunctional(DrawnFuncEnv):
    """A game against a dealer with endless packs: example 5.1 of Sutton and Barto's book.

    ===========  ==================================================================
    action       ``Discrete(2)``: 0 sticks, 1 takes a card
    observation  int32 (3,): the player's sum, the dealer's open card, 1 for a usable ace
    reward       +1 for a win, -1 for a loss, 0 for a draw
    ===========  ==================================================================
    """

    action_space = Discrete(2)
    observation_space = Box(np.array([1, 1, 0]), np.array([32, 11, 1]), (3,), np.int32)
    frame_size = (384, 376)

    def initial(self, rng: Any, params: Any = None) -> EnvState:
        """Deal two cards to each."""
        cards = jnp.minimum(jax.random.randint(rng, (4,), 1, 14), 10).astype(jnp.float32)
        empty = jnp.zeros(_MOST_CARDS, jnp.float32)
        two = jnp.asarray(2, jnp.int32)
        hands = empty.at[:2].set(cards[2:]), empty.at[:2].set(cards[:2])
        return EnvState(*hands, two, two, jnp.asarray(0, jnp.int32))

    def transition(
        self, state: EnvState, action: Any, rng: Any = None, params: Any = None
    ) -> EnvState:
        """Give the player a card, or let the dealer draw to seventeen."""
        hits = jnp.asarray(action).reshape(()) == 1
        return jax.lax.cond(hits, _hit, _stick, state, rng)  # type: ignore[no-any-return]

    def observation(self, state: EnvState, rng: Any = None, params: Any = None) -> Any:
        """Return what the player sees."""
        hand = state.player_hand
        seen = [_total(hand), state.dealer_hand[0], _has_usable_ace(hand)]
        return jnp.stack([jnp.asarray(part, jnp.int32) for part in seen])

    def terminal(self, state: EnvState, rng: Any = None, params: Any = None) -> Any:
        """Return whether the game is over."""
        return state.done > 0

    def reward(
        self,
        state: EnvState,
        action: Any,
        next_state: EnvState,
        rng: Any = None,
        params: Any = None,
    ) -> Any:
        """Return what the game pays once it is over, and 0 before."""
        rules = self._params(params)
        player, dealer = next_state.player_hand, next_state.dealer_hand
        compared = jnp.sign(_score(player) - _score(dealer))
        bust = _total(player) > _TWENTY_ONE
        stuck = jnp.asarray(action).reshape(()) == 0
        pay = jnp.where(stuck, compared, jnp.where(bust, -1.0, 0.0))
        natural = _is_natural(player) & stuck
        by_book = jnp.where(natural & ~_is_natural(dealer), 1.0, pay)
        better_paid = jnp.where(rules.natural & natural & (pay == 1), 1.5, pay)
        return jnp.where(rules.sutton_and_barto, by_book, better_paid)

    def draw(self, canvas: Raster, state: EnvState, params: Any) -> None:
        """Draw the table."""
        from dromos.envs.toy_text.blackjack import Deal
        from dromos.envs.toy_text.drawing.blackjack import draw_blackjack

        player, dealer = (
            tuple(int(card) for card in np.asarray(hand)[: int(count)])
            for hand, count in (
                (state.player_hand, state.player_cards),
                (state.dealer_hand, state.dealer_cards),
            )
        )
        top = dealer[0]
        name = {1: "A", 10: "K"}.get(top, str(top))
        draw_blackjack(canvas, Deal(player, dealer, f"{name}S", bool(state.done)))

    def get_default_params(self, **kwargs: Any) -> BlackJackParams:
        """Return the usual rules, but for those given."""
        return BlackJackParams(**kwargs)


def _hit(state: EnvState, rng: Any) -> EnvState:
    hand = state.player_hand.at[state.player_cards].set(_card(rng))
    bust = (_total(hand) > _TWENTY_ONE).astype(jnp.int32)
    return state._replace(player_hand=hand, player_cards=state.player_cards + 1, done=bust)


def _stick(state: EnvState, rng: Any) -> EnvState:
    def draws(table: Any) -> Any:
        return _total(table[0]) < _DEALER_STICKS_AT

    def draw(table: Any) -> Any:
        hand, count, key = table
        key, own = jax.random.split(key)
        return hand.at[count].set(_card(own)), count + 1, key

    hand, count, _ = jax.lax.while_loop(draws, draw, (state.dealer_hand, state.dealer_cards, rng))
    return state._replace(dealer_hand=hand, dealer_cards=count, done=jnp.ones_like(state.done))


def _card(rng: Any) -> Any:
    """Return a card of an endless pack: 1 to 9, and 10 for four of thirteen."""
    return jnp.minimum(jax.random.randint(rng, (), 1, 14), 10).astype(jnp.float32)


def _has_usable_ace(hand: Any) -> Any:
    return (hand == 1).any() & (hand.sum() + 10 <= _TWENTY_ONE)


def _total(hand: Any) -> Any:
    return hand.sum() + 10 * _has_usable_ace(hand)


def _score(hand: Any) -> Any:
    total = _total(hand)
    return jnp.where(total > _TWENTY_ONE, 0, total)


def _is_natural(hand: Any) -> Any:
    return ((hand > 0).sum() == 2) & (hand == 1).any() & (hand == 10).any()


class BlackJackJaxEnv(JaxEnv):
    """Blackjack in JAX; keywords are those of `BlackJackParams`."""

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["rgb_array"],
        "render_fps": 4,
        "jax": True,
    }
    functions = BlackjackFunctional
