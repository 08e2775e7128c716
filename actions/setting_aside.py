"""Some of the products on the table aren't wanted: they go, the others stay, and one better comes instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions import past
from actions.cases import Case, case_of
from actions.configuring import exactly, remade
from actions.laying_out import assumed, lines, name, too, ways_on
from actions.reading_changes import Change
from actions.turn import Focus, Turn
from actions.written import write
from crm_store.models import ProposalRow
from one_to_one.facts import FactId
from one_to_one.lessons import DEAR, too_much
from one_to_one.proposals import Proposed
from one_to_one.shop import Product
from one_to_one.wishes import fitting

type Item = Mapping[str, Any]


async def set_aside(turn: Turn, proposal: ProposalRow, against: Mapping[int, str]) -> None:
    """Note why some aren't wanted; in place of each one that has what they miss, the others as they were.

    Without a reason nothing is put in its place: nobody is offered more after a plain no.
    """
    for place, reason in against.items():
        await turn.books.proposals.turn_down(proposal, place, reason)
    await turn.books.proposals.settle(proposal, "ignored", turn.now)
    table = turn.waits_for("proposal") or {}
    instead = await _instead(turn, proposal, against, table)
    made = {
        place: _as_it_was(item) for place, item in enumerate(proposal.items, start=1) if place not in against
    }
    items = [item for _, item in sorted({**made, **instead}.items())]
    turn.may_ask = False
    if not items:
        turn.settle("proposal", "question")
        turn.say("setting_aside.none_left", turn.buttons("propose"))
        return
    new = await write(turn, items, other=bool(table.get("other")))
    told = [_told(turn, proposal, place, reason, instead) for place, reason in against.items()]
    lead = turn.texts.say(turn.language, "talk.space").join(dict.fromkeys(told))
    turn.add("\n".join([lead, *lines(turn, items), *assumed(turn, items)]), ways_on(turn, new))
    turn.wait_for("proposal", new.id)
    turn.keep_with("proposal", **{key: table[key] for key in ("asked", "wishes", "other") if key in table})


def _told(turn: Turn, proposal: ProposalRow, place: int, reason: str, instead: Mapping[int, Proposed]) -> str:
    """What became of one, and why."""
    called = name(turn, proposal.items[place - 1]["product"])
    if not reason:
        return turn.text("setting_aside.gone", name=called)
    much = too_much(reason, turn.pack)
    key = "dear" if reason == DEAR else "too"
    why = "" if much is None else too(turn, *much)
    if place not in instead:
        return turn.text(f"setting_aside.none_{key}", name=called, too=why)
    return turn.text(
        f"setting_aside.{key}", name=called, too=why, new=name(turn, instead[place].product), number=place
    )


async def _instead(
    turn: Turn, proposal: ProposalRow, against: Mapping[int, str], table: Focus
) -> dict[int, Proposed]:
    """What comes in the place of each that was turned down with a reason, as far as there is anything."""
    other = bool(table.get("other"))
    earlier = await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS)
    case = await case_of(turn, earlier, other=other, first=False)
    case = replace(case, offers=False)
    seen = {item["product"] for item in proposal.items}
    found: dict[int, Proposed] = {}
    for place, reason in against.items():
        better = _better(turn, case, proposal.items[place - 1], reason, seen, table) if reason else None
        if better is not None:
            found[place] = _made_alike(turn, better, proposal)
            seen.add(better.product)
    return found


def _better(turn: Turn, case: Case, item: Item, reason: str, seen: set[str], table: Focus) -> Proposed | None:
    """Of what may be proposed and has what was missed, the one most like it; None: there is none."""
    asked = [(topic, value) for topic, value in table.get("asked", ())]
    left = fitting(turn.pack, asked) - seen
    below = Decimal(item["price"]) if reason == DEAR else None
    everything = case.items(turn, left, below=below, count=len(turn.pack.products))
    much = too_much(reason, turn.pack)
    there = [one for one in everything if much is None or _has_less(turn.pack.products[one.product], *much)]
    gone = turn.pack.products.get(item["product"])
    likest = max(there, key=lambda one: _alike(turn.pack.products[one.product], gone), default=None)
    return None if likest is None else replace(likest, novel=False)


def _has_less(product: Product, topic: str, value: str) -> bool:
    return topic in product.attributes and value not in product.attributes[topic]


def _alike(one: Product, other: Product | None) -> int:
    """How many traits two products share."""
    if other is None:
        return 0
    return sum(len({*codes} & {*other.attributes.get(topic, ())}) for topic, codes in one.attributes.items())


def _made_alike(turn: Turn, item: Proposed, proposal: ProposalRow) -> Proposed:
    """Made up as they wanted those that are there."""
    kept = proposal.items[0]
    chosen = {
        name: exactly(turn, name, code)
        for name, code in kept["options"].items()
        if name not in kept["assumed"] and name in turn.pack.modules
    }
    plain = {
        "product": item.product, "options": item.options, "assumed": item.assumed, "facts": item.used,
        "score": item.score,
    }  # fmt: skip
    return remade(turn, plain, Change(chosen)) or item


def _as_it_was(item: Item) -> Proposed:
    """A product as it was proposed, at the price it was shown at."""
    return Proposed(
        product=item["product"],
        options=item["options"],
        price=Decimal(item["price"]),
        cost=Decimal(item["cost"]),
        used=tuple(FactId(int(fact)) for fact in item["facts"]),
        assumed=tuple(item["assumed"]),
        novel=False,
        score=float(item["score"]),
        offer=item.get("offer"),
    )
