"""What is wished for by what is known, and what is suggested next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from one_to_one.configuring.predicting import learn
from one_to_one.configuring.suggesting import Ground, ranking, suggestions, wishes_of
from one_to_one.configuring.workshop import workshop_of
from one_to_one.facts import Polarity
from one_to_one.history import Ordered, Rating
from one_to_one.shop import ShopPack, TopicKind
from tests.unit.made_packs import computers
from tests.unit.packs import NOW, fact, topic


def shop() -> ShopPack:
    """The computers, with topics that modules are named after."""
    plain = computers()
    topics = [topic(name, *plain.modules[name].options) for name in ("memory", "gpu", "case")]
    money = replace(topic("budget"), kind=TopicKind.MONEY)
    return replace(plain, topics={one.name: one for one in [*topics, money]})


PACK = shop()
LAST = Ordered("desk", {"memory": "m32", "case": "tower", "extras": "wifi+lights"}, NOW - timedelta(days=180))


def test_what_was_said_is_wished_for_and_a_never_is_firm() -> None:
    facts = [fact(1, "memory", "m64"), fact(2, "gpu", "big", Polarity.NEVER), fact(3, "budget", "800")]
    wishes = {wish.module: wish for wish in wishes_of(PACK, facts, [], NOW)}
    assert (wishes["memory"].codes, wishes["memory"].firm) == (frozenset({"m64"}), False)
    assert (wishes["gpu"].avoid, wishes["gpu"].firm) == (True, True)
    assert wishes["budget"].most == Decimal(800)
    assert wishes["memory"].why == facts[0]


def test_what_was_ordered_counts_half_after_half_a_year_and_less_than_what_was_said() -> None:
    wishes = {wish.module: wish for wish in wishes_of(PACK, [fact(1, "memory", "m64")], [LAST], NOW)}
    assert wishes["memory"].codes == {"m64"}
    assert wishes["case"].weight == 0.25
    assert wishes_of(PACK, [], [replace(LAST, rating=Rating.DISLIKED)], NOW) == []


def test_the_best_comes_from_what_is_known() -> None:
    facts = [fact(1, "memory", "m64"), fact(2, "case", "tower", Polarity.DISLIKES)]
    made = workshop_of(PACK).best(wishes_of(PACK, facts, [LAST], NOW))
    assert made is not None
    assert (made.options["memory"], made.options["board"], made.options["case"]) == ("m64", "large", "mini")


def test_the_next_choice_is_suggested_from_memory_then_orders_then_others() -> None:
    wishes = wishes_of(PACK, [fact(1, "case", "tower")], [LAST], NOW)
    others = [{"cpu": "fast", "power": "p650"}] * 9 + [{"cpu": "small", "power": "p300"}] * 9
    found = {
        one.module: one for one in suggestions(PACK, "desk", {"cpu": "fast"}, wishes, [LAST], others, NOW)
    }
    assert (found["case"].code, found["case"].ground) == ("tower", Ground.SAID)
    assert (found["memory"].code, found["memory"].ground) == ("m32", Ground.ORDERED)
    assert (found["power"].code, found["power"].ground) == ("p650", Ground.OTHERS)
    assert found["gpu"].ground is Ground.USUAL
    assert "cpu" not in found


def test_nothing_impossible_is_suggested() -> None:
    others = [{"board": "plain"}] * 50
    found = {one.module: one.code for one in suggestions(PACK, "desk", {"cpu": "fast"}, [], [], others, NOW)}
    assert found["board"] == "large"


def grounds(others: list[dict[str, str]]) -> dict[str, Ground]:
    """What each code of one module rests on, when nothing else is known than what others made."""
    found = ranking(PACK, "desk", "case", ["mini", "tower"], {}, [], [], learn(others), NOW)
    return {one.code: one.ground for one in found}


def test_most_of_the_others_is_said_only_of_what_most_of_enough_others_took() -> None:
    default = PACK.default_of(PACK.products["desk"], PACK.modules["case"])
    [other] = {"mini", "tower"} - {default}
    rare, common = {"case": other}, {"case": default}
    assert grounds([rare] * 5)[other] is Ground.OTHERS
    assert grounds([rare] * 4)[other] is Ground.SOME
    assert grounds([rare] * 4 + [common] * 4) == {other: Ground.SOME, default: Ground.USUAL}
    assert grounds([rare] * 4 + [common] * 2) == {other: Ground.OTHERS, default: Ground.USUAL}
    assert grounds([common])[default] is Ground.USUAL


def test_others_who_chose_otherwise_do_not_speak_for_those_who_chose_alike() -> None:
    others = [{"cpu": "fast", "case": "tower"}] * 4 + [{"cpu": "small", "case": "mini"}] * 20
    found = ranking(PACK, "desk", "case", ["mini", "tower"], {"cpu": "fast"}, [], [], learn(others), NOW)
    assert Ground.OTHERS not in {one.ground for one in found}
