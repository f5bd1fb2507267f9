"""The blackjack table as a picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dromos.envs.toy_text.drawing.figures import COAT, INK, INK_LIGHT, RED

if TYPE_CHECKING:
    from dromos.envs.toy_text.blackjack import Deal
    from dromos.render.canvas import Canvas, Colour

__all__ = ["draw_blackjack"]

_WIDTH, _HEIGHT = 520, 500  # of the table, in its own units
_FELT: Colour = (86, 138, 130)
_FELT_LOW: Colour = (62, 106, 104)
_LINE: Colour = (255, 255, 255, 40)
_CARD: Colour = (252, 253, 255)
_CARD_RIM: Colour = (205, 214, 225)
_SHADOW: Colour = (20, 40, 44, 110)
_TEXT: Colour = (235, 244, 242)
_PILL: Colour = (30, 58, 62, 130)
_CARD_WIDTH, _CARD_HEIGHT = 96.0, 134.0
_MOST_LEFT = 24.0  # where a wide hand begins, pixels


def draw_blackjack(canvas: Canvas, deal: Deal) -> None:
    """Draw the cards of the dealer and the player.

    The dealer's hand is covered but for one card until the episode is over. Suits are an ornament
    but for the shown card's: the game does not know them.

    Args:
        canvas: What to draw on; 384 x 376 pixels is the size the picture was made for.
        deal: The hands.
    """
    canvas.background(_FELT, _FELT_LOW)
    scale = min(canvas.width / _WIDTH, canvas.height / _HEIGHT)
    left, top = (canvas.width - _WIDTH * scale) / 2, (canvas.height - _HEIGHT * scale) / 2
    with canvas.placed(left, top, scale=scale):
        canvas.arc(_WIDTH / 2, -420, 668, 2.5, _LINE, start=0.9, sweep=math.pi - 1.8)
        if not deal.player:
            return
        shown = deal.dealer if deal.is_over else deal.dealer[:1]
        _draw_line(canvas, 30, "DEALER", shown)
        cards = [deal.top_card, *map(_named, range(1, len(deal.dealer)), deal.dealer[1:])]
        covered = set() if deal.is_over else set(range(1, len(cards)))
        _draw_hand(canvas, 62, cards, covered)
        _draw_line(canvas, 286, "PLAYER", deal.player)
        _draw_hand(canvas, 318, list(map(_named, range(2, 26), deal.player)), set())


def _named(position: int, value: int) -> str:
    return ("A" if value == 1 else str(value)) + "SHCD"[(position + value) % 4]


def _sum(cards: tuple[int, ...]) -> tuple[int, bool]:
    low = sum(cards)
    usable = 1 in cards and low + 10 <= 21
    return low + 10 * usable, usable


def _draw_line(canvas: Canvas, y: float, name: str, cards: tuple[int, ...]) -> None:
    """Write whose hand it is and what it is worth."""
    total, usable = _sum(cards)
    note = "bust" if total > 21 else "usable ace" if usable else ""
    canvas.text(_WIDTH / 2 - 12, y, name, 20, _TEXT, align="right", anchor="middle", weight=0.1)
    colour = RED if total > 21 else COAT if total == 21 else _PILL
    canvas.rectangle(_WIDTH / 2 + 4, y - 15, 46, 30, colour, corner=15)
    canvas.text(
        _WIDTH / 2 + 27, y, str(total), 22, _TEXT, align="centre", anchor="middle", weight=0.11
    )
    canvas.text(_WIDTH / 2 + 62, y, note, 17, _TEXT, anchor="middle", weight=0.09)


def _draw_hand(canvas: Canvas, y: float, cards: list[str], covered: set[int]) -> None:
    widest = _WIDTH - 2 * _MOST_LEFT - _CARD_WIDTH
    step = min(_CARD_WIDTH + 16, widest / max(len(cards) - 1, 1))
    left = (_WIDTH - _CARD_WIDTH - step * (len(cards) - 1)) / 2
    for i, card in enumerate(cards):
        with canvas.placed(left + i * step, y):
            canvas.shadow(0, 5, _CARD_WIDTH, _CARD_HEIGHT, _SHADOW, blur=9, corner=10)
            canvas.rectangle(0, 0, _CARD_WIDTH, _CARD_HEIGHT, _CARD_RIM, corner=10)
            canvas.rectangle(1, 1, _CARD_WIDTH - 2, _CARD_HEIGHT - 2, _CARD, corner=9)
            if i in covered:
                _draw_back(canvas)
            else:
                _draw_face(canvas, card[:-1], card[-1])


def _draw_back(canvas: Canvas) -> None:
    canvas.rectangle(7, 7, _CARD_WIDTH - 14, _CARD_HEIGHT - 14, INK, corner=6)
    for row in range(6):
        for column in range(4):
            x, y = 18 + 20 * column, 17 + 20 * row
            canvas.polygon([(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)], INK_LIGHT)


def _draw_face(canvas: Canvas, rank: str, suit: str) -> None:
    colour = RED if suit in "HD" else INK
    canvas.text(10, 11, rank, 30, colour, anchor="top", weight=0.1)
    _draw_suit(canvas, 18, 48, 9, suit, colour)
    _draw_suit(canvas, 60, 90, 27, suit, colour)


def _draw_suit(canvas: Canvas, x: float, y: float, size: float, suit: str, colour: Colour) -> None:
    """Draw a club, diamond, heart or spade around (x, y), `size` pixels each way."""
    with canvas.placed(x, y, scale=size):
        if suit == "D":
            canvas.polygon([(0, -1), (0.72, 0), (0, 1), (-0.72, 0)], colour)
        elif suit == "H":
            _draw_heart(canvas, colour)
        else:
            canvas.polygon([(-0.06, 0.1), (0.06, 0.1), (0.3, 0.95), (-0.3, 0.95)], colour)
            if suit == "S":
                with canvas.placed(0, -0.1, angle=math.pi, scale=0.9):
                    _draw_heart(canvas, colour)
            else:
                for across, down in ((0, -0.5), (-0.48, 0.18), (0.48, 0.18)):
                    canvas.disc(across, down, 0.42, colour)
                canvas.disc(0, 0, 0.2, colour)


def _draw_heart(canvas: Canvas, colour: Colour) -> None:
    for side in (-0.42, 0.42):
        canvas.disc(side, -0.35, 0.46, colour)
    canvas.polygon([(-0.83, -0.14), (0, 0.95), (0.83, -0.14), (0, -0.4)], colour)
