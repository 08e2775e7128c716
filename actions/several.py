"""Several things meant in one message, each with its number: of those on the table, or in a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from actions import checkout, configuring, drafting, early, pieces, reading_changes
from actions.listening import heard_in
from actions.naming import parts_of, values_in
from actions.order_lines import basket_of
from actions.reading_changes import Change
from actions.remembering import remember
from actions.turn import Focus, Turn
from crm_store.models import OrderRow, ProposalRow
from one_to_one.answer_words import Sign, cut
from one_to_one.basket import MOST, Basket, Configured
from one_to_one.checkout import missing
from one_to_one.configuring.fitting import fitting
from one_to_one.folding import fold
from one_to_one.pointing import Clause, parted, places
from one_to_one.proposals import budget_topics
from one_to_one.standing import cut as without
from one_to_one.standing import stands

TAKING = frozenset({"choose", "affirm", "order_usual", "change"})
"""Intents whose message takes what it names by what it is like."""

LEAST = 2
"""Characters that a part of a name has at least."""

BY_WORD = frozenset(
    {Sign.FIRST, Sign.SECOND, Sign.THIRD, Sign.LAST, Sign.MIDDLE, Sign.ORDINAL_MARK, Sign.LABEL}
)
"""What makes a word point at a place, so that a number beside it counts pieces."""

type Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Meant:
    """One of the things there are, as a message means it."""

    place: int  # counted from 1
    pieces: Decimal | None = None  # how many of it; None: not said
    clauses: tuple[Clause, ...] = ()  # the stretches that are about it alone


def meant(
    turn: Turn, products: Sequence[str], *, by_name_only: bool = False, but: str = ""
) -> tuple[Meant, ...]:
    """Which of these products a message means, each once, with how many it says of each.

    `by_name_only`: what a product is like counts only as far as it is a part of its name. `but`: a list of
    words that say what becomes of them, and not which.
    """
    found: dict[int, Meant] = {}
    taken_back = False
    for stretch in stretches(turn, but):
        here = _places(turn, stretch, products, by_name_only=by_name_only)
        taken_back = taken_back or _takes_back(turn, stretch)
        if here and taken_back:
            found, taken_back = {}, False  # "the third, no wait, the first"
        for place in here:
            before = found.get(place, Meant(place))
            number = _number_of(turn, stretch, place) or before.pieces
            found[place] = Meant(place, number, (*before.clauses, stretch))
    found = found or {place: Meant(place) for place in _all(turn, len(products))}
    each = _of_each(turn, list(found.values()))
    return tuple(replace(one, pieces=each or one.pieces) for one in found.values())


def _takes_back(turn: Turn, stretch: Clause) -> bool:
    """Whether a stretch does no more than take back what was said, and perhaps say it anew."""
    said = fold(stretch.text)
    rest = without(said, turn.texts.words("picking.rather"))
    return rest != said and sum(not piece.signs for piece in cut(rest, turn.answers)) <= 1


def stretches(turn: Turn, but: str = "") -> list[Clause]:
    """The message cut at what ends a clause and at what joins one thing to the next; `but` these words."""
    said = checkout.without_typed(turn)
    for word in turn.texts.words(but) if but else ():
        if stands(fold(said), word):
            said = said.replace(said[fold(said).index(word) :][: len(word)], " " * len(word))
    return parted(said, turn.answers, turn.texts.words("several.words.joints"))


def _places(turn: Turn, stretch: Clause, products: Sequence[str], *, by_name_only: bool) -> Sequence[int]:
    if found := places(stretch, len(products), turn.answers):
        return found
    said, parts = fold(stretch.text), parts_of(turn.pack)
    named = [part for part in parts if stands(said, part)]
    counts = [sum(any(one.id == product for one in parts[part]) for part in named) for product in products]
    most = max(counts, default=0)
    if most:
        return [counts.index(most) + 1] if counts.count(most) == 1 else ()
    return _by_trait(turn, stretch, products, by_name_only=by_name_only)


def _by_trait(turn: Turn, stretch: Clause, products: Sequence[str], *, by_name_only: bool) -> Sequence[int]:
    """The one product that has all that a stretch names of what products are like."""
    values = [
        value
        for value in values_in(turn.pack, stretch.text)
        if any(_has(turn, product, *value) for product in products)
        and not (by_name_only and not any(_is_called(turn, product, *value) for product in products))
    ]
    having = [
        place
        for place, product in enumerate(products, start=1)
        if values and all(_has(turn, product, *value) for value in values)
    ]
    return having if len(having) == 1 else ()


def _has(turn: Turn, product: str, topic: str, code: str) -> bool:
    known = turn.pack.products.get(product)
    return known is not None and code in known.attributes.get(topic, ())


def _is_called(turn: Turn, product: str, topic: str, code: str) -> bool:
    """Whether a value of a topic is a part of the name of a product."""
    known, value = turn.pack.products.get(product), turn.pack.topics[topic].values[code]
    words = {fold(word) for word in (*value.label.values(), *chain(*value.words.values()))}
    names = [] if known is None else [fold(name) for name in known.name.values()]
    return any(stands(name, word) for name in names for word in words if len(word) >= LEAST)


def _number_of(turn: Turn, stretch: Clause, place: int) -> Decimal | None:
    """How many of one thing a stretch names; a number that is all there is points at the thing."""
    number = _number(turn, stretch.text)
    by_word = any(piece.signs & BY_WORD for piece in stretch.pieces)
    return (
        None if number == place and not by_word and not _number(turn, stretch.text, counted=True) else number
    )


def _number(turn: Turn, text: str, *, kinds: bool = True, counted: bool = False) -> Decimal | None:
    """How many a text names, if so many can be had; `counted`: by a word for pieces only."""
    read = pieces.in_text(turn, text, kinds=kinds)
    if read is None or read.way or not pieces.can_be(read.number) or (counted and not read.counted):
        return None
    return read.number


def _of_each(turn: Turn, found: Sequence[Meant]) -> Decimal | None:
    """How many of each are wanted, by a number that is of none alone; None: none is named."""
    if len(found) < 2:
        return None
    alone = {clause.start for one in found for clause in one.clauses}
    each = turn.mentions("several.words.each")
    read = [
        number
        for stretch in stretches(turn)
        if (each or stretch.start not in alone)
        and (number := pieces.in_text(turn, stretch.text, kinds=False)) is not None
        and pieces.can_be(number.number)
    ]
    counted = [one.number for one in read if one.counted]
    bare = [one.number for one in read if each and one.number != len(found)]
    return next(iter((*counted, *bare)), None)


def _all(turn: Turn, count: int) -> Sequence[int]:
    """All there are, or the first two, when that is what they take; of choices for all of them nothing."""
    first, two = turn.mentions("comparing.first_two"), turn.mentions("several.words.two")
    every = any(turn.mentions(f"several.words.{key}") for key in ("all", "two", "each"))
    if count < 2 or not (first or every) or (two and count > 2) or turn.mentions("several.words.none"):
        return ()
    if not first and any(piece.signs & BY_WORD for one in stretches(turn) for piece in one.pieces):
        return ()  # it points at some of them, whichever
    counted = any(_number(turn, one.text, kinds=False) for one in stretches(turn))
    if (turn.heard or turn.theirs) and not counted and not turn.mentions("several.words.take"):
        return ()
    return range(1, 3) if first else range(1, count + 1)


def chosen(turn: Turn, proposal: ProposalRow) -> tuple[Meant, ...]:
    """The products on the table that a message takes, when it takes several; else none."""
    if turn.message.payload is not None or _leaves_open(turn):
        return ()
    if turn.asks and not turn.mentions("picking.request"):
        return ()
    found = meant(turn, [item["product"] for item in proposal.items])
    pointed = all(not one.clauses or by_place(turn, one, len(proposal.items)) for one in found)
    return found if len(found) > 1 and (pointed or takes(turn)) else ()


def _leaves_open(turn: Turn) -> bool:
    """Whether it is one of them or another."""
    every = turn.mentions("several.words.all") or turn.mentions("several.words.two")
    return turn.mentions("several.words.either") and not every


async def aims_at(turn: Turn, focus: Focus) -> bool:
    """Whether the message takes several products of the waiting proposal."""
    proposal = await turn.books.proposals.get(int(focus["ref"]), turn.customer.id)
    return proposal is not None and bool(chosen(turn, proposal))


def said_of(turn: Turn, proposal: ProposalRow, number: int) -> Meant:
    """What a message says of one product on the table."""
    found = meant(turn, [item["product"] for item in proposal.items])
    return next((one for one in found if one.place == number), Meant(number))


def by_place(turn: Turn, one: Meant, count: int) -> bool:
    """Whether one of `count` things is meant by its place."""
    return any(places(clause, count, turn.answers) for clause in one.clauses)


def takes(turn: Turn) -> bool:
    """Whether a message takes what it names, rather than tells a taste."""
    counted = any(_number(turn, one.text) for one in stretches(turn))
    said = any(turn.mentions(f"several.words.{key}") for key in ("take", "all", "two"))
    return counted or said or turn.intent in TAKING


async def begin(turn: Turn, proposal: ProposalRow, things: Sequence[Meant], order: OrderRow | None) -> None:
    """One draft of several things from the table; with an `order`, they go into its draft."""
    before, new = early.kept(turn), early.said(turn)
    await turn.books.proposals.settle(proposal, "accepted", turn.now, picked=things[0].place)
    await turn.books.proposals.take_also(proposal, [one.place for one in things[1:]])
    turn.passing = replace(turn.passing, pieces=0, picks={})
    told: list[str] = []
    made = [
        thing
        for one in things
        if (thing := _made(turn, proposal.items[one.place - 1], one, things, before, told)) is not None
    ]
    turn.settle("proposal", "question")
    await remember(turn, [one for one in turn.stated if one.topic in budget_topics(turn.pack)])
    if not made:
        turn.say("ordering.gone", turn.buttons("propose"))
        return
    if order is None:
        order = await drafting.open_with(turn, proposal, Basket(tuple(made), len(made)))
    else:
        await put_in(turn, order, made)
    details = {**before.details, **early.valid(turn, new.details)}
    if details:
        await checkout.change(turn, order, {name: value for name, value in details.items() if value})
    await drafting.show(turn, order, "ordering.draft", "\n".join(told))
    if "tax_id" in missing(checkout.terms(turn), checkout.details_of(turn, order)):
        checkout.ask(turn, order, "tax_id")


def _made(
    turn: Turn, item: Item, one: Meant, all_of: Sequence[Meant], before: early.Early, told: list[str]
) -> Configured | None:
    """A product from the table as it is wanted; None: it isn't there any more. What can't be is `told`."""
    product = turn.pack.products.get(item["product"])
    if product is None or product.stock <= 0:
        told.append(
            turn.text("several.gone", name=product.name[turn.language] if product else item["product"])
        )
        return None
    taken = set(item["assumed"])
    day, barred = turn.now.date(), turn.barred.keys()
    options = fitting(turn.pack, product, item["options"], assumed=taken, barred=barred, day=day)
    change = change_to(turn, options, one, all_of)
    here = {name: code for name, code in before.picks.items() if name in options}
    change = Change({**here, **change.picks}, change.without)
    thing = Configured(product.id, options, one.pieces or before.pieces or Decimal(1), (), sorted(taken))
    return made_otherwise(turn, thing, change, told) if change else thing


def change_to(turn: Turn, options: Mapping[str, str], one: Meant, all_of: Sequence[Meant]) -> Change:
    """What a message wants otherwise of one thing: what it says of it alone, and what it says of all."""
    own = _named_in(turn, one.clauses)
    of_any = {pick for other in all_of for pick in _named_in(turn, other.clauses)}
    heard = [
        word
        for word in (*turn.heard, *turn.theirs)
        if (word.topic, word.value) in own or (word.topic, word.value) not in of_any
    ]
    said = " ".join(clause.text for clause in one.clauses)
    return reading_changes.change_of(turn, options, heard, said or turn.said)


def _named_in(turn: Turn, clauses: Sequence[Clause]) -> set[tuple[str, str]]:
    """Topic and value of what was heard in some stretches."""
    inside = [
        each
        for each in turn.entities
        if any(one.start <= int(each["start"]) < one.start + len(one.text) for one in clauses)
    ]
    return {
        (word.topic, word.value)
        for about in ("self", "other")
        for word in heard_in(inside, turn.said, turn.pack, about=about, at=turn.message.at)
    }


def made_otherwise(turn: Turn, thing: Configured, change: Change, told: list[str]) -> Configured:
    """A thing with a change made; as it was, where that can't be, and then it is `told` why."""
    product = turn.pack.products[thing.product]
    found = configuring.changed_of(turn, product, thing.options, set(thing.said), change)
    if isinstance(found, str):
        told.append(found)
        return thing
    named = {*change.picks, *change.without}
    return replace(
        thing,
        options=dict(found.options),
        said=sorted({*thing.said, *named}),
        assumed=sorted(set(thing.assumed) - named),
    )


async def put_in(turn: Turn, order: OrderRow, things: Sequence[Configured]) -> None:
    """Put things into a draft, as far as it holds them; more than can be ordered of one is told."""
    basket = await basket_of(turn, order)
    for thing in things:
        more = basket.adding(thing)
        if not pieces.can_be(more.in_hand.quantity):
            pieces.tell_limits(turn, more.in_hand.quantity)
        elif len(more.things) > MOST:
            turn.say("several.full", most=MOST)
        else:
            basket = more
    await drafting.write(turn, order, basket)
