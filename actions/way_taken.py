"""Which way out of a change that couldn't be made: by its number, by what it is or does without, or yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions import altering, drafting, turning_down, ways_out
from actions.naming import products_named
from actions.reading_changes import EXACTLY, Change
from actions.turn import Focus, Turn
from actions.ways_out import Kept
from crm_store.models import OrderRow
from one_to_one.answers import read_choice, read_refusal, read_yes_no
from one_to_one.facts import Polarity
from one_to_one.pricing import codes_of


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as a way out; False: it is about something else."""
    order = await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    ways = focus.get("ways", ())
    if order is None or order.state != "draft":
        turn.settle(ways_out.FOCUS)
        return False
    number = _named(turn, ways)
    said = read_yes_no(turn.said, turn.answers)
    if altering.says_back(turn) or (number is None and _leaves(turn, said)):
        await _leave(turn, order)
    elif number is not None:
        await _make(turn, order, ways[number])
    elif not turn.heard and (said is True or turn.intent == "affirm") and ways:
        if len(ways) == 1:
            await _make(turn, order, ways[0])
        else:
            ways_out.ask_which(turn, order, ways)
    else:
        return False
    return True


async def tap(turn: Turn, order: OrderRow, place: str) -> None:
    """A way was tapped by its place; when it isn't waited for any more, the draft is shown."""
    focus = turn.waits_for(ways_out.FOCUS) or {}
    ways = focus.get("ways", ()) if focus.get("ref") == str(order.id) else ()
    if place.isdecimal() and len(place) < 3 and 1 <= int(place) <= len(ways):
        await _make(turn, order, ways[int(place) - 1])
    else:
        await drafting.show(turn, order, "configuring.now", turn.text("ways_out.gone"))


def _leaves(turn: Turn, said: bool | None) -> bool:
    """Whether it shall stay as it is."""
    if turn.heard:
        return False
    return said is False or turn.intent in ("deny", "decline") or read_refusal(turn.said, turn.answers)


async def _leave(turn: Turn, order: OrderRow) -> None:
    turn.settle(ways_out.FOCUS)
    await drafting.show(turn, order, "configuring.now", turn.text("ways_out.stays"))


async def _make(turn: Turn, order: OrderRow, way: Kept) -> None:
    turn.settle(ways_out.FOCUS)
    product = turn.pack.products.get(way["product"])
    if product is not None:
        await altering.to_another(turn, order, product, way["picks"])
    else:
        await altering.alter(turn, order, Change(dict(way["picks"])), None)


def _named(turn: Turn, ways: Sequence[Kept]) -> int | None:
    """The place of the way that the message names; None: none, or it could be several."""
    if turning_down.reason_in(turn):
        return None  # "the first is too dear" takes none
    place = read_choice(turn.said, len(ways), turn.answers)
    if place is not None:
        return place - 1
    if ways and not turn.heard and turn.mentions("ways_out.nearest_words"):
        return 0
    products = {one.id for one in products_named(turn)}
    if products:
        return _only([way["product"] in products for way in ways])
    liked = {one.topic: one.value for one in turn.heard if one.polarity is Polarity.LIKES}
    away = {one.topic: one.value for one in turn.heard if one.polarity is not Polarity.LIKES}
    if turn.mentions("conflicting.without_words"):
        liked, away = {}, {**liked, **away}
    if not (liked or away):
        liked = altering.short_options(turn)
    fits = [_keeps(way, liked) and not any(_keeps(way, {each: away[each]}) for each in away) for way in ways]
    if away and True in fits:
        return fits.index(True)  # what goes is said; the best of what can come instead is ours to say
    return _only(fits) if liked else None


def _keeps(way: Kept, wanted: Mapping[str, str]) -> bool:
    has = {name: codes_of(code.removeprefix(EXACTLY)) for name, code in way["picks"].items()}
    return all(set(codes_of(value)) <= set(has.get(topic, ())) for topic, value in wanted.items())


def _only(fits: Sequence[bool]) -> int | None:
    return fits.index(True) if sum(fits) == 1 else None
