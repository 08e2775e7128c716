"""Two or three things side by side: what sets them apart, what each costs, and why it suits this customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions import altering, drafting, keeping, menus, proposing, turning_down, wishing
from actions.laying_out import ways_on
from actions.naming import products_named
from actions.order_lines import in_hand, offer_of
from actions.turn import Focus, Turn
from actions.written import write
from crm_store.models import ConfigurationRow, OrderLineRow, OrderRow, ProposalRow
from one_to_one.answers import read_choice, read_choices, read_yes_no
from one_to_one.configuring.fitting import fitting
from one_to_one.facts import Fact, Polarity
from one_to_one.folding import fold
from one_to_one.pointing import clauses
from one_to_one.pointing import places as marked
from one_to_one.preferences import beliefs
from one_to_one.pricing import codes_of, cost, price
from one_to_one.proposals import Proposed, spending_limit
from one_to_one.replies import Button
from one_to_one.specials import on_terms
from one_to_one.standing import stands

MOST = 3
"""No more things than this are compared at once."""

APART = 5
"""No more differences than this are told of each; those come first that the customer cares about."""

FOCUS = "compare"
"""What is waited for: with what the one thing there is shall be compared."""

WITH, BEFORE = "with", "before"
"""What stands in a button for what to compare with, and for how the draft was before its last change."""

BESIDE = 2
"""So many things are offered to compare the only one with."""

type Traits = Mapping[str, Sequence[str]]
"""What a thing has, by topic."""

type Item = Mapping[str, Any]


async def take(turn: Turn) -> bool:
    """Compare what is proposed, being made, or laid by; False: nothing of the kind is asked for."""
    if turn.message.payload is not None or not _asks(turn):
        return False
    saved = keeping.names_saved(turn)
    things, proposal = ([], None) if saved else await _on_the_table(turn)
    if len(things) < 2:
        laid_by = await turn.books.configurations.saved(turn.customer.id, MOST)
        things, proposal = _together(things, _items_of(turn, laid_by)), None
    turn.action, turn.may_ask = "action_compare", False
    if len(things) == 1:
        things, proposal = _together(things, _named_beside(turn, things[0])), None
    if len(things) == 1 and await _ask_with(turn, things[0]):
        return True
    if len(things) < 2:
        turn.say("comparing.nothing", turn.buttons("propose", "saved"))
        return True
    await _put(turn, things, proposal)
    return True


def _asks(turn: Turn) -> bool:
    """Whether they want to compare: in so many words, or by that word alone."""
    return turn.mentions("comparing.words") or turn.is_all_of("comparing.alone")


async def _put(turn: Turn, things: Sequence[Proposed], proposal: ProposalRow | None) -> None:
    """Put things side by side, as a proposal of their own where they aren't one."""
    if proposal is None:
        table = turn.waits_for("proposal") or {}
        proposal = await write(turn, things, other=bool(table.get("other")))
    _tell(turn, things, proposal)


def _named_beside(turn: Turn, thing: Proposed) -> list[Proposed]:
    """The other products that the message names."""
    made = [_made(turn, one.id, {}) for one in products_named(turn) if one.id != thing.product]
    return [one for one in made if one is not None]


async def _ask_with(turn: Turn, thing: Proposed) -> bool:
    """Ask what one thing alone shall be compared with: how it was before, or the products most like it."""
    order, proposal = await _draft(turn), await _table(turn)
    beside = await _beside(turn, order, thing)
    if not beside:
        return False
    ref = f"edit:{order.id}" if order is not None else f"other:{proposal.id}" if proposal is not None else ""
    ways = [Button(_called(turn, code), f"{ref}:{WITH}:{code}") for code in beside] if ref else []
    name = turn.pack.products[thing.product].name[turn.language]
    turn.say("comparing.with_what", ways, name=name)
    turn.wait_for(FOCUS, thing.product, over=True)
    turn.customer.focus = {**(turn.customer.focus or {}), "with": beside}
    return True


def _called(turn: Turn, code: str) -> str:
    known = turn.pack.products.get(code)
    return turn.text("comparing.before") if known is None else known.name[turn.language]


async def _beside(turn: Turn, order: OrderRow | None, thing: Proposed) -> list[str]:
    """What one thing can be compared with: how it was, and the products most like it that suit them."""
    earlier = None if order is None else await _earlier(turn, order)
    before = [BEFORE] if earlier is not None and earlier.options != thing.options else []
    there = menus.alike(turn, thing.product)
    suiting = [one.id for one in there if wishing.suits(turn, one)] or [one.id for one in there]
    return [*before, *suiting][:BESIDE]


async def _earlier(turn: Turn, order: OrderRow) -> ConfigurationRow | None:
    """How the draft was made before its last change; None: it was never changed."""
    step = await turn.books.configurations.of_order(order.id)
    number = None if step is None else step.before_id
    return None if number is None else await turn.books.configurations.get(number, turn.customer.id)


async def with_named(turn: Turn, order: OrderRow | None, code: str) -> None:
    """Compare the one thing there is with what was tapped or typed."""
    things, _ = await _on_the_table(turn)
    turn.may_ask = False
    if order is not None and code == BEFORE and (earlier := await _earlier(turn, order)) is not None:
        line = await in_hand(turn, order)
        things = _together(_drafted(turn, line, await _origin(turn, order)), _items_of(turn, [earlier]))
    else:
        other = _made(turn, code, {})
        things = _together(things[:1], [other] if other is not None else [])
    if len(things) < 2:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    turn.settle(FOCUS)
    await _put(turn, things, None)


async def tap_other(turn: Turn) -> None:
    """Others than those on the table; or what the only one there is to be compared with."""
    if turn.arguments[1:2] == [WITH]:
        await with_named(turn, None, "".join(turn.arguments[2:3]))
    else:
        await proposing.tap_other(turn)


async def read(turn: Turn, focus: Focus) -> bool:
    """Read the message as what to compare with; False: it is about something else."""
    codes = list(focus.get("with", ()))
    order = await _draft(turn)
    place = None if turning_down.reason_in(turn) else read_choice(turn.said, len(codes), turn.answers)
    named = [one.id for one in products_named(turn)]
    turn.settle(FOCUS)
    if altering.says_only_back(turn):
        if not await drafting.show_again(turn, "configuring.now"):
            table = await _table(turn)
            if table is None:
                return False
            await proposing.show(turn, table)
        return True
    if place is not None:
        await with_named(turn, order, codes[place - 1])
    elif len(named) == 1:
        await with_named(turn, order, named[0])
    elif BEFORE in codes and turn.mentions("comparing.before_words"):
        await with_named(turn, order, BEFORE)
    elif read_yes_no(turn.said, turn.answers) is True and codes:
        await with_named(turn, order, codes[0])
    else:
        return False
    return True


async def _draft(turn: Turn) -> OrderRow | None:
    focus = turn.waits_for("order")
    order = None if focus is None else await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    return order if order is not None and order.state == "draft" else None


async def _table(turn: Turn) -> ProposalRow | None:
    table = turn.waits_for("proposal")
    return None if table is None else await turn.books.proposals.get(int(table["ref"]), turn.customer.id)


async def _origin(turn: Turn, order: OrderRow) -> ProposalRow | None:
    number = order.proposal_id
    return None if number is None else await turn.books.proposals.get(number, turn.customer.id)


async def _on_the_table(turn: Turn) -> tuple[list[Proposed], ProposalRow | None]:
    """What is proposed, and with it what is being made; the proposal itself when all of it is meant."""
    order = await _draft(turn)
    if order is None:
        return _meant(turn, await _table(turn))
    proposal, hand = await _origin(turn, order), await in_hand(turn, order)
    lines = [hand, *(one for one in await turn.books.orders.lines(order) if one.id != hand.id)]
    made = [
        item
        for line in lines
        if line.product in turn.pack.products
        for item in _drafted(turn, line, proposal)
    ]
    others, _ = _meant(turn, proposal)
    if len(lines) > 1:
        return _together(made, []), None
    return _together(made, [item for item in others if item.product != hand.product]), None


def _drafted(turn: Turn, line: OrderLineRow, proposal: ProposalRow | None) -> list[Proposed]:
    """One piece of what is being made, on the terms on which it was proposed."""
    offer = offer_of(turn, proposal, line.product, line.options)
    return [
        replace(
            item,
            price=price(turn.pack, on_terms(turn.pack.products[line.product], offer), item.options),
            offer=None if offer is None else offer.id,
        )
        for item in _items_of(turn, [line])
    ]


def _meant(turn: Turn, proposal: ProposalRow | None) -> tuple[list[Proposed], ProposalRow | None]:
    """All of a proposal, or those of it that the message points at."""
    items = [] if proposal is None else [_read(turn, item) for item in proposal.items]
    there = [item for item in items if item is not None]
    places = read_choices(_without_word(turn), len(items), turn.answers) or _pointed_at(turn, len(items))
    if turn.mentions("comparing.first_two"):
        places = (1, 2)[: len(items)]
    chosen = [items[place - 1] for place in places]
    picked = [item for item in chosen if item is not None]
    if len(picked) > 1 and len(picked) < len(there):
        return picked, None
    return there[:MOST], proposal if len(there) == len(items) <= MOST else None


def _pointed_at(turn: Turn, count: int) -> tuple[int, ...]:
    """The places that the message names, whatever else it says."""
    found = (
        place for clause in clauses(turn.said, turn.answers) for place in marked(clause, count, turn.answers)
    )
    return tuple(dict.fromkeys(found))


def _without_word(turn: Turn) -> str:
    """What was typed, without the words that ask for a comparison."""
    said = fold(turn.said)
    for word in turn.texts.words("comparing.beside"):
        if stands(said, word):
            said = said.replace(word, " ")
    return said


def _read(turn: Turn, item: Item) -> Proposed | None:
    """A thing as it was proposed; None: it can't be had any more."""
    made = _made(turn, item["product"], item["options"])
    return None if made is None else replace(made, price=Decimal(item["price"]), offer=item.get("offer"))


def _items_of(turn: Turn, rows: Sequence[ConfigurationRow | OrderLineRow]) -> list[Proposed]:
    made = [_made(turn, row.product, row.options) for row in rows]
    return [one for one in made if one is not None]


def _made(turn: Turn, name: str, options: Mapping[str, str]) -> Proposed | None:
    product = turn.pack.products.get(name)
    if product is None or product.stock <= 0:
        return None
    whole = fitting(turn.pack, product, options, day=turn.now.date())
    amounts = price(turn.pack, product, whole), cost(turn.pack, product, whole)
    return Proposed(name, whole, *amounts, (), (), False, 0.0)


def _together(first: Sequence[Proposed], more: Sequence[Proposed]) -> list[Proposed]:
    """Both, each thing once."""
    found = list(first)
    for one in more:
        if all((one.product, one.options) != (other.product, other.options) for other in found):
            found.append(one)
    return found[:MOST]


def _tell(turn: Turn, items: Sequence[Proposed], proposal: ProposalRow) -> None:
    """A few lines for each thing, what they share, and which costs least."""
    traits = [_traits(turn, item) for item in items]
    apart = [topic for topic in _topics(turn, traits) if len({each.get(topic) for each in traits}) > 1]
    table = turn.waits_for("proposal") or {}
    basis = wishing.basis(turn, other=bool(table.get("other")))
    cared = {fact.topic for fact in (*basis, *turn.wished)}
    told = sorted(apart, key=lambda topic: topic not in cared and topic not in turn.pack.modules)[:APART]
    lines = [turn.text("comparing.lead")]
    for number, (item, has) in enumerate(zip(items, traits, strict=True), start=1):
        lines.append(_line(turn, number, item, [(topic, has.get(topic, ())) for topic in told]))
        lines.append(_why(turn, item, has, basis))
    lines.append(_shared(turn, traits, apart))
    lines.append(_cheapest(turn, items))
    back = turn.button("back", f"back:{proposal.id}:{proposing.TABLE}")
    turn.add("\n".join(filter(None, lines)), [*ways_on(turn, proposal), back])
    proposing.put_over(turn, proposal)


def _traits(turn: Turn, item: Proposed) -> Traits:
    """What a thing is and how it is made, by topic."""
    product = turn.pack.products[item.product]
    chosen = {name: codes_of(chosen) for name, chosen in item.options.items()}
    return {**{topic: tuple(codes) for topic, codes in product.attributes.items()}, **chosen}


def _topics(turn: Turn, traits: Sequence[Traits]) -> list[str]:
    """What can be told of these: how they are made, then what they are."""
    there = {topic for each in traits for topic in each}
    return [topic for topic in dict.fromkeys((*turn.pack.modules, *turn.pack.topics)) if topic in there]


def _line(turn: Turn, number: int, item: Proposed, has: Sequence[tuple[str, Sequence[str]]]) -> str:
    return turn.texts.say(
        turn.language,
        "comparing.line",
        number=number,
        name=turn.pack.products[item.product].name[turn.language],
        price=turn.words.money(item.price),
        traits=turn.text("checkout.semicolon").join(_trait(turn, topic, codes) for topic, codes in has),
    )


def _trait(turn: Turn, topic: str, codes: Sequence[str]) -> str:
    """One trait with what it is about."""
    words = turn.words
    if topic in turn.pack.modules:
        values = [words.options({topic: code}) for code in codes]
        label = turn.pack.modules[topic].label[turn.language]
    else:
        values = [words.value(topic, code) for code in codes]
        label = words.topic(topic)
    said = words.listed(filter(None, values)) or turn.text("configuring.nothing")
    return turn.texts.say(turn.language, "talk.titled", topic=label, value=said)


def _why(turn: Turn, item: Proposed, has: Traits, basis: Sequence[Fact]) -> str:
    """What the customer likes and this has, and what it costs for their money; "": nothing is known."""
    liked = [fact for fact in basis if fact.polarity is Polarity.LIKES]
    fits = [turn.words.fact(fact) for fact in liked if fact.value in has.get(fact.topic, ())]
    limit = spending_limit(turn.pack, beliefs(basis, turn.pack, turn.now))
    if limit is not None and item.price <= limit:
        fits.append(turn.text("comparing.within", limit=turn.words.money(limit)))
    lacks = [turn.words.fact(fact) for fact in liked if _lacks(turn, fact, has)]
    parts = [
        turn.texts.say(turn.language, f"comparing.{key}", things=turn.words.listed(dict.fromkeys(things)))
        for key, things in (("fits", fits), ("lacks", lacks))
        if things
    ]
    return turn.texts.say(turn.language, "talk.space").join(parts)


def _lacks(turn: Turn, fact: Fact, has: Traits) -> bool:
    """Whether it is something else of what they like of a topic."""
    known = fact.topic in turn.pack.topics and fact.value in turn.pack.topics[fact.topic].values
    return known and fact.topic in has and fact.value not in has[fact.topic]


def _shared(turn: Turn, traits: Sequence[Traits], apart: Sequence[str]) -> str:
    """What all have, in a few words; "": nothing."""
    same = [topic for topic in _topics(turn, traits) if topic not in apart and traits[0].get(topic)]
    if not same:
        return ""
    told = [_trait(turn, topic, traits[0][topic]) for topic in same[:APART]]
    return turn.texts.say(
        turn.language, "comparing.shared", traits=turn.text("checkout.semicolon").join(told)
    )


def _cheapest(turn: Turn, items: Sequence[Proposed]) -> str:
    """Which costs least, and by how much; "": they cost the same."""
    first, second, *_ = sorted(items, key=lambda item: item.price)
    if first.price == second.price:
        return ""
    return turn.text(
        "comparing.cheapest",
        number=list(items).index(first) + 1,
        less=turn.words.money(second.price - first.price),
    )
