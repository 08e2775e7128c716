"""A proposal in words: why these, one line for each, and what was assumed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from actions import conflicting, past
from actions.turn import Turn
from crm_store.models import OrderLineRow, ProposalRow
from one_to_one.history import Ordered
from one_to_one.lessons import Lesson, heeded, lessons
from one_to_one.passing import SOMEBODY
from one_to_one.pricing import price
from one_to_one.proposals import Proposed
from one_to_one.replies import Button
from one_to_one.shop import Product, TopicKind
from one_to_one.wording import PARTS

COUNTED = 3
"""So many at most are proposed at once."""

REASONS = 4
"""More reasons than this aren't told."""


def name(turn: Turn, product: str) -> str:
    """What a product is called."""
    known = turn.pack.products.get(product)
    return known.name[turn.language] if known else product


def for_other(turn: Turn, items: Sequence[Proposed], had: Sequence[Ordered], *, first: bool) -> str:
    """Whose taste it goes by when it isn't the customer's own; honestly, where nothing of it is known."""
    these = _these(turn, items)
    if not turn.wished and had and first:
        return turn.text("presents.had", name=name(turn, had[-1].product), person=person(turn), these=these)
    if not turn.wished:
        named = turn.passing.about not in ("", SOMEBODY)
        key = ("presents.unknown" if named else "presents.anybody") if first else "presents.unknown_still"
        return turn.text(key, person=person(turn), these=these)
    things = turn.words.listed(turn.words.reason(fact, turn.now) for fact in turn.wished)
    key = "proposing.for_other" if first else "proposing.for_other_still"
    if first and any(fact.since < turn.contact.started_at for fact in turn.wished):
        key = "presents.known"
    elif first and all(is_of_the_present(turn, fact.topic) for fact in turn.wished):
        key = "presents.unknown_within"
    return turn.text(key, person=person(turn), things=things, these=these)


def is_of_the_present(turn: Turn, topic: str) -> bool:
    """Whether a wish says what a present may cost or how it is made up, and nothing of anybody's taste."""
    return topic in turn.pack.modules or turn.pack.topics[topic].kind is TopicKind.MONEY


def not_kept(turn: Turn) -> list[str]:
    """That what makes another person ill is for this contact only, where nobody agreed to its being kept."""
    topics = (turn.pack.topics[one.topic] for one in turn.told_of)
    open_ = [topic for topic in topics if topic.sensitive and not turn.consents.keeps(topic)]
    return [turn.text("presents.not_kept", person=person(turn))] if open_ else []


def person(turn: Turn) -> str:
    """Whom the talk is about, as they are called."""
    return turn.words.receiver(turn.passing.about or SOMEBODY, turn.passing.called)


def _these(turn: Turn, items: Sequence[Proposed]) -> str:
    """How many they are, as one points at them."""
    return turn.texts.say(turn.language, f"proposing.these.{min(len(items), COUNTED)}")


async def lead(turn: Turn, items: Sequence[Proposed], earlier: Sequence[ProposalRow]) -> str:
    """Why these: what they said about the last ones if that is news, else their facts."""
    if not turn.consents.personal:
        return turn.text("proposing.impersonal", these=_these(turn, items))
    parts = [part for part in (await _news(turn, items, earlier),) if part]
    reasons, these = _reasons(turn, items), _these(turn, items)
    if reasons and any(fact < 0 for item in items for fact in item.used):
        parts.append(turn.text("proposing.wished_for", wish=turn.words.listed(reasons), these=these))
    elif reasons:
        parts.append(turn.text("proposing.because", reasons=turn.words.listed(reasons), these=these))
    elif not parts:
        parts.append(turn.text("proposing.fresh"))
    return turn.texts.say(turn.language, "talk.space").join(parts)


async def _news(turn: Turn, items: Sequence[Proposed], earlier: Sequence[ProposalRow]) -> str | None:
    """What they said of the last proposal or order, if these heed it and they haven't been told yet."""
    lesson = _from_proposal(turn, earlier)
    if lesson is not None and (said := _heeding(turn, lesson, items)):
        return said
    rated = await _rated(turn, earlier)
    if rated is None:
        return None
    taught = [one for one in await past.ordered(turn) if one.line == rated.id]
    of_order = (_heeding(turn, one, items) for one in lessons(turn.pack, taught, ()))
    told = next((said for said in of_order if said), None)
    return told or turn.text(f"proposing.after_{rated.rating}", name=name(turn, rated.product))


def _from_proposal(turn: Turn, earlier: Sequence[ProposalRow]) -> Lesson | None:
    """What the newest proposal taught; older ones were followed by a proposal already."""
    taught = lessons(turn.pack, (), past.shown(earlier[:1]))
    return taught[-1] if taught else None


def _heeding(turn: Turn, lesson: Lesson, items: Sequence[Proposed]) -> str | None:
    """That these have less of it, or cost less; None when that isn't so."""
    if not heeded(turn.pack, lesson, [item.product for item in items], [item.price for item in items]):
        return None
    if lesson.too is None:
        return turn.text("proposing.after_dear")
    return turn.text("proposing.after_too", too=too(turn, *lesson.too))


def too(turn: Turn, topic: str, value: str) -> str:
    """How one says that there is too much of a value."""
    known = turn.pack.topics[topic].values[value]
    wordings = known.too.get(turn.language, ())
    return wordings[0] if wordings else known.label[turn.language]


async def _rated(turn: Turn, earlier: Sequence[ProposalRow]) -> OrderLineRow | None:
    """The newest verdict of which the customer has not yet seen the consequence."""
    if not any(one.rating for one in await past.ordered(turn)):
        return None
    latest = max((proposal.at for proposal in earlier), default=None)
    last = [line for line in await turn.books.orders.ratings(turn.customer.id) if line.receiver is None][-1]
    seen = latest is not None and last.rated_at is not None and last.rated_at < latest
    return None if seen else last


def _reasons(turn: Turn, items: Sequence[Proposed]) -> list[str]:
    used = dict.fromkeys(fact for item in items for fact in item.used)
    facts = {fact.id: fact for fact in (*turn.facts, *turn.wished)}
    told = (turn.words.reason(facts[one], turn.now) for one in used if one in facts)
    return list(dict.fromkeys(told))[:REASONS]


def lines(turn: Turn, items: Sequence[Proposed]) -> list[str]:
    """One line for each."""
    return [_line(turn, number, item) for number, item in enumerate(items, start=1)]


def _line(turn: Turn, number: int, item: Proposed) -> str:
    product = turn.pack.products[item.product]
    return turn.texts.say(
        turn.language,
        _kind_of_line(item),
        number=number,
        name=_made(turn, product, item),
        note=product.note[turn.language],
        price=turn.words.money(item.price),
        new=turn.words.listed(turn.words.value(*value) for value in item.new_in[:1]),
        **_terms(turn, item),
    )


def _made(turn: Turn, product: Product, item: Proposed) -> str:
    """Its name; of many parts with what we chose otherwise than is standard, for it isn't told below."""
    chosen = {name: item.options[name] for name in item.assumed if name in item.options}
    apart = turn.words.apart(product, chosen) if len(item.options) > PARTS else ""
    name = product.name[turn.language]
    return turn.texts.say(turn.language, "talk.made", name=name, options=apart) if apart else name


def _kind_of_line(item: Proposed) -> str:
    if item.offer is not None:
        return "proposing.offered"
    if item.novel:
        return "proposing.new_in" if item.new_in else "proposing.novel"
    return "proposing.line"


def _terms(turn: Turn, item: Proposed) -> dict[str, Any]:
    """What an offer costs otherwise, how long it holds, and why; nothing where there is none."""
    if item.offer is None:
        return {}
    offer = turn.pack.offers[item.offer]
    last = datetime.combine(offer.until, time(12), ZoneInfo(turn.pack.shop.time_zone))
    usually = price(turn.pack, turn.pack.products[item.product], item.options)
    return {
        "usually": turn.words.money(usually),
        "until": turn.words.day(last),
        "reason": offer.reason[turn.language],
    }


def assumed(turn: Turn, items: Sequence[Proposed], *, other: bool = False) -> list[str]:
    """How they are made: as they, or an `other` person, had it, and what we took for granted."""
    first = items[0]
    taken = {name: first.options[name] for name in first.assumed if name in first.options}
    wished = {name: code for name, code in first.options.items() if name not in taken}
    many = len(first.options) > PARTS
    told = []
    if wished:
        key = "presents.made" if other else "proposing.wished"
        told.append(turn.text(key, person=person(turn), options=turn.words.options(wished)))
    if taken and many:
        told.append(turn.text("proposing.assumed_many"))
    elif taken:
        told.append(turn.text("proposing.assumed", options=turn.words.options(taken)))
    return [turn.texts.say(turn.language, "talk.space").join(told)] if told else []


def ways_on(turn: Turn, proposal: ProposalRow) -> list[Button]:
    """A button for each product, and the ways round them."""
    picks = conflicting.way_buttons(turn, proposal) or [
        _pick(turn, proposal, number) for number in range(1, len(proposal.items) + 1)
    ]
    return [*picks, *turn.buttons(f"other:{proposal.id}", f"reject:{proposal.id}")]


def _pick(turn: Turn, proposal: ProposalRow, number: int) -> Button:
    title = name(turn, proposal.items[number - 1]["product"])
    return turn.button("choose", f"choose:{proposal.id}:{number}", number=number, name=title)
