"""What is told of products on the table that they ask or wonder about, before they choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from actions.laying_out import name, ways_on
from actions.naming import values_named
from actions.naming_topics import topics_named
from actions.turn import Turn
from crm_store.models import ProposalRow
from one_to_one.pricing import codes_of

MOST = 5
"""No more traits than this are told of one, where none is asked for."""

type Traits = Mapping[str, Sequence[str]]


def tell(turn: Turn, proposal: ProposalRow, places: Sequence[int]) -> None:
    """What the catalogue says of the products at these places: of what is asked about, else in general."""
    asked = _asked(turn)
    lines = [_line(turn, proposal, place, asked) for place in places]
    turn.add("\n".join(lines), ways_on(turn, proposal))
    if len(places) == 1:
        turn.keep_with("proposal", about=places[0])  # "that one", from now on
    turn.may_ask = False


def _asked(turn: Turn) -> list[str]:
    """The topics that a question is about."""
    heard = [one.topic for one in (*turn.heard, *turn.theirs)]
    return list(dict.fromkeys((*heard, *(topic for topic, _ in values_named(turn)), *topics_named(turn))))


def _line(turn: Turn, proposal: ProposalRow, place: int, asked: Sequence[str]) -> str:
    item = proposal.items[place - 1]
    product = turn.pack.products.get(item["product"])
    if product is None:
        return turn.text("ordering.gone")
    modules = turn.pack.modules_of(product)
    chosen = {
        topic: turn.pack.options_of(product, modules[topic]) if topic in asked else codes_of(code)
        for topic, code in item["options"].items()
        if topic in modules
    }
    traits: Traits = {**product.attributes, **chosen}
    told = [topic for topic in asked if traits.get(topic)]
    told = told or [topic for topic in turn.pack.topics if product.attributes.get(topic)][:MOST]
    return turn.texts.say(
        turn.language,
        "comparing.line",
        number=place,
        name=name(turn, product.id),
        price=turn.words.money(Decimal(item["price"])),
        traits=turn.text("checkout.semicolon").join(
            [*(_trait(turn, topic, traits[topic]) for topic in told), product.note[turn.language]]
        ),
    )


def _trait(turn: Turn, topic: str, codes: Sequence[str]) -> str:
    """One trait with what it is about."""
    words = turn.words
    if topic in turn.pack.modules:
        label = turn.pack.modules[topic].label[turn.language]
        values = [words.options({topic: code}) for code in codes]
    else:
        label, values = words.topic(topic), [words.value(topic, code) for code in codes]
    return turn.texts.say(turn.language, "talk.titled", topic=label, value=words.listed(filter(None, values)))
