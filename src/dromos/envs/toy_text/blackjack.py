"""Blackjack against a dealer."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from dromos.native import DEFAULT, NativeEnv, NativeVectorEnv
from dromos.native.fields import FIRST_LANE, read_field, write_field
from dromos.native.views import ListView
from dromos.spaces import Discrete, Tuple

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas
    from dromos.spaces import Space
from dromos.vector.autoreset import ENDED, RUNNING, UNSET

__all__ = ["BlackjackEnv", "BlackjackVectorEnv", "Deal"]

_SUITS = "CDHS"
_FACES = "JQK"
_MOST_CARDS = 24
# The core packs eight cards into a number, the first into its lowest byte.
_EIGHT_CARDS = np.dtype("<i8")


def _bytes(hand: NDArray[np.int64]) -> NDArray[np.uint8]:
    return hand.astype(_EIGHT_CARDS, copy=False).view(np.uint8)


_TEN, _MOST = 10, 21


class Deal(NamedTuple):
    """What a picture shows.

    Attributes:
        player: Values of the player's cards, 1 (ace) to 10.
        dealer: Values of the dealer's cards; the first is shown.
        top_card: What the shown card is, such as ``"QH"``.
        is_over: Whether the episode has ended and all cards are shown.
    """

    player: tuple[int, ...]
    dealer: tuple[int, ...]
    top_card: str
    is_over: bool = False


class BlackjackEnv(NativeEnv["tuple[int, int, int]", "int | np.int64"]):
    """A hand of blackjack: come closer to 21 than the dealer, but not beyond.

    Example 5.1 of R. Sutton and A. Barto, "Reinforcement Learning: An Introduction", 2nd edition
    (2018). Cards come from an endless deck; J, Q and K count 10, an ace 11 unless that makes the
    hand bust, and 1 then. The dealer draws up to 17.

    ============  ===================================================================
    action        ``Discrete(2)``: 0 stick, 1 hit
    observation   ``Tuple(Discrete(32), Discrete(11), Discrete(2))``: the player's sum, the
                  dealer's shown card (ace 1), whether the player's hand has an ace that counts 11
    start         two cards each
    reward        1 for a win, 0 for a draw, -1 for a loss, 0 before
    terminated    when the player sticks or has more than 21
    ============  ===================================================================
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": 4,
    }
    dynamics = "Blackjack"
    frame_size = (384, 376)
    uncalled = ("_get_obs",)

    natural: bool
    sab: bool

    def __init__(
        self,
        render_mode: str | None = None,
        natural: bool = DEFAULT,
        sab: bool = DEFAULT,
        **unknown: Any,
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"rgb_array"`` or None.
            natural: Whether winning with an ace and a ten pays 1.5.
            sab: Whether to play by Sutton and Barto's rules.
            **unknown: Nothing: the error names the parameters there are.

        Raises:
            TypeError: If there is no such parameter, or a value is of the wrong type.
        """
        super().__init__(render_mode, natural=natural, sab=sab, **unknown)

    def make_spaces(self) -> tuple[Discrete, Space[tuple[int, int, int]]]:
        """Return the action and the observation space."""
        hands = Tuple((Discrete(32), Discrete(11), Discrete(2)))
        return Discrete(2), cast("Space[tuple[int, int, int]]", hands)

    def check_state(self, params: Any, state: Any, status: Any) -> None:
        """Raise unless hands are of cards that could have been dealt."""
        for name in ("player", "dealer"):
            cards = np.ascontiguousarray(state[name]).astype("<i8").view(np.uint8)
            count = state[f"{name}_cards"][:, np.newaxis]
            is_dealt = np.arange(cards.shape[1]) < count
            if (cards > _TEN).any() or ((cards > 0) != is_dealt).any():
                raise ValueError(f"{name}: expected cards from 1 to 10, one after the other")
            if ((count[:, 0] < 1) & (status != UNSET)).any():
                raise ValueError(f"{name}: expected at least one card")
            total = cards.sum(1, np.int64)
            if (total > np.where(status == RUNNING, _MOST, _MOST + _TEN)).any():
                raise ValueError(f"{name}: expected no card after more than {_MOST}")
        for name, end in (("suit", 4), ("face", 3)):
            if (state[name] < 0).any() or (state[name] >= end).any():
                raise ValueError(f"{name}: expected integers from 0 to {end - 1}")

    @property
    def player(self) -> list[int]:
        """Values of the player's cards, 1 (ace) to 10; changing the list changes the hand."""
        return self._hand("player")

    @player.setter
    def player(self, cards: Sequence[int]) -> None:
        self._set_hand("player", cards)

    @property
    def dealer(self) -> list[int]:
        """Values of the dealer's cards; changing the list changes the hand."""
        return self._hand("dealer")

    @dealer.setter
    def dealer(self, cards: Sequence[int]) -> None:
        self._set_hand("dealer", cards)

    @property
    def dealer_top_card_suit(self) -> str:
        """The suit of the dealer's shown card: ``"C"``, ``"D"``, ``"H"`` or ``"S"``."""
        return _SUITS[self._read("suit")]

    @property
    def dealer_top_card_value_str(self) -> str:
        """The rank of the dealer's shown card: ``"A"``, ``"2"`` to ``"9"``, or ``"J"`` to ``"K"``.

        Every card that counts ten is shown as a face.
        """
        value = self.dealer[0]
        return "A" if value == 1 else _FACES[self._read("face")] if value == 10 else str(value)

    def _read(self, field: str) -> Any:
        return read_field(self.core, "state", field, FIRST_LANE)[0]

    def _hand(self, whose: str) -> list[int]:
        def cards() -> list[int]:
            values: list[int] = _bytes(self._read(whose))[: self._read(f"{whose}_cards")].tolist()
            return values

        return ListView(cards, functools.partial(self._set_hand, whose))

    def _set_hand(self, whose: str, cards: Sequence[int]) -> None:
        values = np.asarray(cards)
        if (
            values.dtype.kind not in "iu"
            or values.ndim != 1
            or not 1 <= len(values) <= _MOST_CARDS
            or not ((values >= 1) & (values <= 10)).all()
        ):
            raise ValueError(
                f"{whose}: expected 1 to {_MOST_CARDS} cards with values from 1 to 10, got "
                f"{cards!r}"
            )
        row = np.zeros(_MOST_CARDS // 8, dtype=_EIGHT_CARDS)
        _bytes(row)[: len(values)] = values
        write_field(self.core, "state", whose, FIRST_LANE, row)
        write_field(self.core, "state", f"{whose}_cards", FIRST_LANE, len(values))

    def drawn_state(self) -> Deal:
        """Return the cards on the table."""
        status = self.core.episodes.status[0]
        if status == UNSET:
            return Deal((), (), "")
        top_card = self.dealer_top_card_value_str + self.dealer_top_card_suit
        return Deal(tuple(self.player), tuple(self.dealer), top_card, bool(status == ENDED))

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """Return the keys of `dromos.play`: h hits, s sticks."""
        return {(ord("s"),): 0, (ord("h"),): 1}

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the table; `state` is a `Deal`."""
        from dromos.envs.toy_text.drawing.blackjack import draw_blackjack

        draw_blackjack(canvas, state)


class BlackjackVectorEnv(
    NativeVectorEnv[
        "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]", NDArray[np.int64]
    ]
):
    """Many lanes of `BlackjackEnv`.

    Observations are three int64 arrays (n,), actions int64 (n,). See `NativeVectorEnv` for the
    arguments.
    """

    single = BlackjackEnv
