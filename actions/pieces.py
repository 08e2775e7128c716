"""How many pieces a draft is of: read from a message or a button, and told when it can't be."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from actions.order_lines import title
from actions.turn import Turn
from crm_store.models import OrderLineRow, OrderRow
from one_to_one.pieces import Pieces, PieceWords, measures_in, pieces_in
from one_to_one.replies import Button

LEAST, MOST = 1, 50
"""How many pieces an order may have; more are a case for a person."""

OFFERED = (1, 2, 3, 4, 6, 10)
"""Numbers of pieces that are offered on buttons."""

PIECES = "pieces"
"""What stands in a button for the number of pieces, where a module's name stands else."""

TOO_LONG = 10**6
"""A number from here on isn't repeated to the customer."""


def said(turn: Turn, *, kinds: bool = True) -> Pieces | None:
    """The pieces that the message asks for, beside what else it names; None: it names no number of them.

    Without `kinds`, so many kinds of product ("three others") are none.
    """
    found = in_text(turn, turn.said, kinds=kinds)
    return found if found is not None and found.counted else in_text(turn, turn.rest, kinds=kinds)


def in_text(turn: Turn, text: str, *, kinds: bool = True) -> Pieces | None:
    """The pieces that a part of the message asks for."""
    around = _around(turn)
    if not kinds:
        words = turn.texts.words("pieces.words.kinds")
        counted = tuple(word for word in around.pieces if word not in words)
        around = replace(around, pieces=counted, measures=(*around.measures, *words))
    return pieces_in(text, turn.answers, around)


def measures(turn: Turn) -> frozenset[str]:
    """What the message measures, by the words behind its numbers."""
    return measures_in(turn.said, turn.answers, _around(turn))


def _around(turn: Turn) -> PieceWords:
    def words(key: str) -> tuple[str, ...]:
        return turn.texts.words(f"pieces.words.{key}")

    return PieceWords(
        pieces=words("pieces"),
        measures=words("measures"),
        labels=words("labels"),
        minus=words("minus"),
        more=words("more"),
        fewer=words("fewer"),
        beyond=words("beyond"),
    )


def can_be(number: Decimal) -> bool:
    """Whether so many can be ordered."""
    return LEAST <= number <= MOST and number == int(number)


def tell_range(turn: Turn, order: OrderRow, line: OrderLineRow, wanted: Decimal) -> None:
    """Say how many can be ordered; nothing was changed."""
    key = "none" if wanted == 0 else "below" if wanted < 0 else "too_many" if wanted > MOST else "not_whole"
    if wanted == 0 and order.changes_id is not None:
        drop = [turn.button("order_cancel", f"order:{order.changes_id}:cancel")]
    else:
        drop = turn.buttons(f"cancel:{order.id}") if wanted == 0 else []
    ways = [*turn.buttons(f"edit:{order.id}:{PIECES}"), *drop, *turn.buttons("human")]
    turn.say(
        f"pieces.{key}",
        ways,
        wanted=_named(turn, wanted),
        quantity=turn.words.number(line.quantity),
        least=LEAST,
        most=MOST,
    )
    turn.wait_for("order", order.id)
    turn.may_ask = False


def tell_limits(turn: Turn, wanted: Decimal) -> None:
    """Say how many can be ordered, before there is a draft."""
    turn.say("pieces.limits", turn.buttons("human"), wanted=_named(turn, wanted), least=LEAST, most=MOST)


def _named(turn: Turn, wanted: Decimal) -> str:
    """The number as they hear it again, if anybody can read it."""
    return turn.words.number(wanted) if abs(wanted) < TOO_LONG else turn.text("pieces.so_many")


def choices(order: OrderRow, line: OrderLineRow) -> list[Button]:
    """Other numbers of pieces, ready to tap."""
    numbers = [number for number in OFFERED if number != line.quantity]
    return [Button(f"{number} ×", f"option:{order.id}:{PIECES}:{number}") for number in numbers]


def ask(turn: Turn, order: OrderRow, line: OrderLineRow) -> None:
    """Ask how many it shall be."""
    fields = {"title": title(turn, line), "quantity": turn.words.number(line.quantity)}
    turn.say("pieces.which", [*choices(order, line), turn.button("back", f"edit:{order.id}")], **fields)
    turn.wait_for("order", order.id)
    turn.may_ask = False


def tapped(code: str) -> Decimal | None:
    """A number from a button; None: somebody made the button up."""
    digits = code.removeprefix("-")
    return Decimal(code) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None
