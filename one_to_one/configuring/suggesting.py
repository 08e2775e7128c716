"""What a customer wants of the thing to be made, from what is known; and what they will choose next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from math import exp

from one_to_one.configuring.predicting import Predictor, learn
from one_to_one.configuring.wishing import Wish, budget_wish
from one_to_one.configuring.workshop import workshop_of
from one_to_one.facts import Fact, FactId, Polarity
from one_to_one.history import Ordered, Rating
from one_to_one.preferences import Belief, Beliefs, amount, beliefs
from one_to_one.pricing import codes_of
from one_to_one.rules import NONE
from one_to_one.shop import Module, ShopPack, TopicKind
from one_to_one.tastes import DISLIKE, LIKE

ORDERED = 0.5
"""What having ordered an option last counts, fading with age."""

HALF_LIFE = timedelta(days=180)
"""After so long an order counts half."""

SAID, OWN, OTHERS, USUAL = 20.0, 5.0, 1.0, 1.0
"""What a like, an own order, somebody else's order and the shop's default count for the next choice."""

FEWEST = 5
"""Of fewer orders of people who chose alike nobody can say what most of them took."""

UNLIKE = 0.5
"""An order counts so many times less (as a power of e) for each choice in which it differs."""


def wishes_of(pack: ShopPack, facts: Sequence[Fact], history: Sequence[Ordered], now: datetime) -> list[Wish]:
    """What facts and orders say about modules and budget. A "never" is firm; all else counts by its age."""
    believed, by_id = beliefs(facts, pack, now), {fact.id: fact for fact in facts}
    wishes: list[Wish] = []
    for name, module in pack.modules.items():
        wishes.extend(_said(module, believed, by_id))
        if not believed.liked(name) and not module.once:
            wishes.extend(_ordered(name, module, history, now))
    for topic in pack.topics.values():
        most = believed.number(topic.name) if topic.kind is TopicKind.MONEY else None
        if most is not None and most > 0:
            belief = believed.liked(topic.name)[believed.text(topic.name) or ""]
            wishes.append(budget_wish(most, LIKE * belief.weight, why=by_id[belief.facts[0]]))
    return wishes


def _said(module: Module, believed: Beliefs, by_id: Mapping[FactId, Fact]) -> Iterator[Wish]:
    for polarity, weight in ((Polarity.LIKES, LIKE), (Polarity.DISLIKES, -DISLIKE), (Polarity.NEVER, 1.0)):
        for belief in believed.stances[polarity].get(module.topic, {}).values():
            codes = _codes(module, belief)
            if codes:
                yield Wish(
                    module.topic,
                    codes,
                    weight * belief.weight,
                    firm=polarity is Polarity.NEVER,
                    avoid=polarity is not Polarity.LIKES,
                    why=by_id[belief.facts[0]],
                )


def _codes(module: Module, belief: Belief) -> frozenset[str]:
    """The option a value means; of a number the nearest there is, where the pack says so none smaller."""
    if belief.value in module.options:
        return frozenset({belief.value})
    number = amount(belief.value) if module.number else None
    if number is None:
        return frozenset()
    numbers = [code for code in module.options if code != NONE]
    if module.upwards:
        numbers = [code for code in numbers if Decimal(code) >= number] or numbers
    return frozenset({min(numbers, key=lambda code: abs(Decimal(code) - number))})


def _ordered(name: str, module: Module, history: Sequence[Ordered], now: datetime) -> Iterator[Wish]:
    liked = [one for one in history if one.rating is not Rating.DISLIKED and name in one.options]
    if liked:
        last = max(liked, key=lambda one: (one.at, one.line))
        codes = codes_of(last.options[name]) or (NONE,)
        weight = ORDERED * _faded(now - last.at) / len(codes)
        yield from (Wish(name, frozenset({c}), weight) for c in codes if c in module.options or c == NONE)


def _faded(age: timedelta) -> float:
    return float(0.5 ** (max(age, timedelta()) / HALF_LIFE))


class Ground(StrEnum):
    """What a suggestion rests on most."""

    SAID = "said"
    ORDERED = "ordered"
    OTHERS = "others"  # most of enough people who chose alike
    SOME = "some"  # others took it too, but too few, or others as often
    USUAL = "usual"  # nothing but the shop's default


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is likely chosen of a module next; to be shown as a suggestion, never as settled."""

    module: str
    code: str
    chance: float  # 0..1, among what is left
    ground: Ground


def suggestions(
    pack: ShopPack,
    product: str,
    picks: Mapping[str, str],
    wishes: Sequence[Wish],
    own: Sequence[Ordered],
    others: Sequence[Mapping[str, str]],
    now: datetime,
    *,
    groups: Collection[str] = (),
) -> list[Suggestion]:
    """For each module that isn't picked yet, the likeliest of what is left; the surest first.

    `others` are configurations that similar customers ordered (see `predicting`). An own order counts the
    more, the more it agrees with what is picked. Only what can still be had is suggested; nothing where
    nothing is left.
    """
    return likeliest(pack, product, picks, wishes, own, learn(others), now, groups=groups)


def likeliest(
    pack: ShopPack,
    product: str,
    picks: Mapping[str, str],
    wishes: Sequence[Wish],
    own: Sequence[Ordered],
    predictor: Predictor,
    now: datetime,
    *,
    groups: Collection[str] = (),
) -> list[Suggestion]:
    """The same as `suggestions`, where it is learned already what others made."""
    open_ = pack.modules_of(pack.products[product]).keys() - picks.keys()
    left = workshop_of(pack).left(product, picks, day=now.date(), groups=groups, of=open_)
    found = []
    for name, codes in left.items():
        if not codes:
            continue
        ranked = ranking(pack, product, name, codes, picks, wishes, own, predictor, now)
        if not _barred(name, wishes).issuperset(codes):
            found.append(ranked[0])
    return sorted(found, key=lambda one: -one.chance)


def ranking(
    pack: ShopPack,
    product: str,
    name: str,
    codes: Sequence[str],
    picks: Mapping[str, str],
    wishes: Sequence[Wish],
    own: Sequence[Ordered],
    predictor: Predictor,
    now: datetime,
) -> list[Suggestion]:
    """All `codes` of one module, the likeliest first, and last what they don't want, with a chance of 0."""
    module = pack.modules[name]
    past = [(one.options, OWN * _faded(now - one.at)) for one in own if one.rating is not Rating.DISLIKED]
    default = pack.default_of(pack.products[product], module)
    scores = {
        Ground.SAID: _wished(name, codes, wishes),
        Ground.ORDERED: {} if module.once else _chosen(name, codes, picks, past),
        Ground.OTHERS: _told(codes, predictor.speaking(name, picks)),
        Ground.USUAL: {default: USUAL} if default in codes else {},
    }
    barred = _barred(name, wishes)
    total = {
        code: 0.0 if code in barred else sum(each.get(code, 0.0) for each in scores.values())
        for code in codes
    }
    most = _most(codes, predictor.made_alike(name, picks))
    whole, free = sum(total.values()), [code for code in codes if code not in barred]
    even = 0.0 if whole or not free else 1 / len(free)
    found = [
        Suggestion(
            name,
            code,
            0.0 if code in barred else (total[code] / whole if whole else even),
            _ground(code, scores, most),
        )
        for code in codes
    ]
    return sorted(found, key=lambda one: (one.code in barred, -one.chance, codes.index(one.code)))


def _ground(code: str, scores: Mapping[Ground, Mapping[str, float]], most: str | None) -> Ground:
    """What speaks most for a code; of others only what is true of enough of them."""
    best = max(scores, key=lambda ground: scores[ground].get(code, 0.0))
    if best != Ground.OTHERS or code == most:
        return best
    return Ground.USUAL if code in scores[Ground.USUAL] else Ground.SOME


def _most(codes: Sequence[str], taken: Mapping[str, float]) -> str | None:
    """What was taken most often of what is left; None: too few took any, or two as often."""
    counts = _told(codes, taken)
    first, *_ = [*sorted(counts, key=lambda code: -counts[code]), None]
    alone = first is not None and list(counts.values()).count(counts[first]) == 1
    return first if alone and sum(counts.values()) >= FEWEST else None


def _barred(name: str, wishes: Sequence[Wish]) -> set[str]:
    """What they don't want of a module."""
    return {code for wish in wishes if wish.module == name and wish.avoid for code in wish.codes}


def _wished(name: str, codes: Sequence[str], wishes: Sequence[Wish]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for wish in wishes:
        if wish.module == name and not wish.avoid and wish.why is not None:
            for code in wish.codes & set(codes):
                scores[code] = scores.get(code, 0.0) + SAID * wish.weight
    return scores


def _told(codes: Sequence[str], speaking: Mapping[str, float]) -> dict[str, float]:
    """What others chose; of several options each."""
    scores: dict[str, float] = {}
    for chosen, count in speaking.items():
        for code in codes_of(chosen) or (NONE,):
            if code in codes:
                scores[code] = scores.get(code, 0.0) + OTHERS * count
    return scores


def _chosen(
    name: str, codes: Sequence[str], picks: Mapping[str, str], past: Sequence[tuple[Mapping[str, str], float]]
) -> dict[str, float]:
    """What was chosen in orders, each the more the better it agrees with the picks."""
    scores: dict[str, float] = {}
    for options, weight in past:
        differing = sum(options.get(other) != chosen for other, chosen in picks.items())
        for code in codes_of(options.get(name, "")) or (NONE,):
            if code in codes and name in options:
                scores[code] = scores.get(code, 0.0) + weight * exp(-UNLIKE * differing)
    return scores
