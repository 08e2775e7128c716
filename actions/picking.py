"""What becomes of the products on the table: one is picked, others are wanted, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions import conflicting, pieces
from actions.naming import products_named
from actions.turn import Focus, Turn
from crm_store.models import ProposalRow
from one_to_one.answers import read_answer, read_choice, read_refusal, read_yes_no
from one_to_one.facts import Heard

PICKING = frozenset({"choose", "affirm", "inform", "change", "propose", "nlu_fallback", "praise"})
"""Intents whose message may pick one of the proposed products by its name."""

LOOKING = frozenset({"propose", "catalogue"})
"""Intents whose message wants to see something first."""

type Item = Mapping[str, Any]


async def picked_from(turn: Turn, focus: Focus) -> int | None:
    """Which product of the waiting proposal the message names; None: none of them."""
    proposal = await turn.books.proposals.get(int(focus["ref"]), turn.customer.id)
    return None if proposal is None else picked(turn, proposal)


def picked(turn: Turn, proposal: ProposalRow) -> int | None:
    """Which of the proposed products the message names: by place, by name, or by what sets one apart."""
    by_place = read_choice(turn.said, len(proposal.items), turn.answers)
    by_way = by_place or conflicting.way_named(turn, proposal)
    if by_way is not None or turn.intent not in PICKING:
        return by_way
    if turn.mentions("proposing.cheapest") and not turn.asks:
        prices = [Decimal(item["price"]) for item in proposal.items]
        return prices.index(min(prices)) + 1
    named = {product.id for product in products_named(turn)}
    by_name = _only(item["product"] in named for item in proposal.items)
    if by_name is not None or turn.intent != "choose":
        return by_name
    return _only(_described(turn, item) for item in proposal.items)


def _only(matches: Iterable[bool]) -> int | None:
    found = [number for number, match in enumerate(matches, start=1) if match]
    return found[0] if len(found) == 1 else None


def _described(turn: Turn, item: Item) -> bool:
    product = turn.pack.products.get(item["product"])
    return product is not None and any(
        one.value in product.attributes.get(one.topic, ()) for one in turn.heard
    )


def says_others(turn: Turn, *, others: bool) -> bool:
    """Whether they want to see others: in so many words, or by asking for a change of no named kind."""
    if turn.mentions("proposing.others") or turn.mentions("varying.words"):
        return not turn.heard
    return others and turn.intent == "change" and not turn.heard and not says_option(turn)


def changes_options(turn: Turn) -> bool:
    """Whether they want all of them made up otherwise, and say nothing else."""
    heard = turn.heard or turn.theirs
    return turn.intent == "change" and bool(heard) and all(_is_choice(turn, one) for one in heard)


def _is_choice(turn: Turn, one: Heard) -> bool:
    return one.topic in turn.pack.modules and one.value in turn.pack.modules[one.topic].options


def says_how_many(turn: Turn) -> bool:
    """Whether they name only how many they take, which is kept for what they will pick."""
    if turn.mentions("varying.words"):
        return False  # "another one" is no number of them
    named = None if turn.heard or turn.asks or turn.intent in LOOKING else pieces.said(turn)
    if named is None or not named.counted or not pieces.can_be(named.number):
        return False
    if named.number == 1 and turn.intent == "change":
        return False  # "another one"
    turn.passing = replace(turn.passing, pieces=int(named.number))
    return True


def says_option(turn: Turn) -> bool:
    """Whether a word or two name a choice about the products ("the small one")."""
    topics = (turn.pack.topics[name] for name in turn.pack.modules if name in turn.pack.topics)
    return any(read_answer(turn.said, topic, turn.answers).heard for topic in topics)


def waves_aside(turn: Turn) -> bool:
    """Whether they want none of them."""
    if turn.heard:
        return False
    text = turn.said
    refused = read_yes_no(text, turn.answers) is False or read_refusal(text, turn.answers)
    return refused or turn.intent in ("decline", "deny")


def agrees(turn: Turn) -> bool:
    """Whether they say yes, without saying to which."""
    said = read_yes_no(turn.said, turn.answers)
    return not turn.heard and (said is True or (said is None and turn.intent == "affirm"))
