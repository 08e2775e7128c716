"""What turning down with a reason, and rating, teaches the next proposal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from one_to_one.catalogue import catalogue_of
from one_to_one.facts import Polarity
from one_to_one.history import Ordered, Rating, Shown
from one_to_one.language import Language
from one_to_one.lessons import (
    DEAR,
    ENOUGH,
    LATER,
    Lesson,
    code_of,
    heeded,
    lessons,
    read_too,
    too_much,
    too_much_now,
)
from one_to_one.proposals import propose
from one_to_one.returning import nearest, the_usual
from one_to_one.shop import ShopPack
from tests.unit.packs import NOW, bakery, fact, facts_of
from tests.unit.talking import ANSWERS

DAY = timedelta(days=1)
TOO_HARD = code_of("crust", "crackling")


def with_words() -> ShopPack:
    """The bakery, where one may say that a crust is too hard."""
    plain = bakery()
    crust = plain.topics["crust"]
    hard = replace(crust.values["crackling"], too={Language.ENGLISH: ("too hard",)})
    crust = replace(crust, values={**crust.values, "crackling": hard})
    return replace(plain, topics={**plain.topics, "crust": crust})


PACK = with_words()


def turned_down(reason: str, *names: str, price: str | None = None, days: int = 2) -> list[Shown]:
    """These were turned down for a reason."""
    amount = None if price is None else Decimal(price)
    return [Shown(name, NOW - days * DAY, "rejected", reason, amount) for name in names]


def test_too_much_of_something_makes_less_of_it_come_next() -> None:
    known = facts_of(grain="rye")
    assert propose(PACK, known, [], turned_down("", "rice"), NOW)[0].product == "farmer"
    shown = turned_down(TOO_HARD, "baguette")
    assert propose(PACK, known, [], shown, NOW)[0].product == "pumpernickel"


def test_a_reason_spares_what_was_not_meant() -> None:
    plain = {i.product: i.score for i in propose(PACK, [], [], turned_down("", "goat"), NOW, count=8)}
    meant = {i.product: i.score for i in propose(PACK, [], [], turned_down(TOO_HARD, "goat"), NOW, count=8)}
    assert meant["ciabatta"] > plain["ciabatta"]  # both are firm, which was not complained of


def test_what_was_too_dear_makes_cheaper_ones_come_next() -> None:
    known = facts_of(grain="spelt")
    shown = turned_down(DEAR, "goat", "fruit", price="7")
    items = propose(PACK, known, [], shown, NOW)
    assert all(item.price < 7 for item in items)


@pytest.mark.parametrize("reason", [ENOUGH, LATER])
def test_another_time_says_nothing_against_the_products(reason: str) -> None:
    known = facts_of(grain="rye")
    first = [item.product for item in propose(PACK, known, [], [], NOW)]
    shown = turned_down(reason, *first, days=0)
    assert [item.product for item in propose(PACK, known, [], shown, NOW)] == first


def test_what_an_order_had_too_much_of_is_a_lesson_too() -> None:
    order = Ordered("farmer", {}, NOW - DAY, Rating.DISLIKED, 1, too=(("crust", "crackling"),))
    assert lessons(PACK, [order], []) == [Lesson(order.at, ("farmer",), ("crust", "crackling"))]


def test_it_is_only_said_to_be_heeded_when_it_is() -> None:
    hard = Lesson(NOW, ("farmer",), ("crust", "crackling"))
    assert heeded(PACK, hard, ["rice", "goat"], [])
    assert not heeded(PACK, hard, ["rice", "baguette"], [])
    dear = Lesson(NOW, ("goat",), limit=Decimal(7))
    assert heeded(PACK, dear, ["rice"], [Decimal(6)])
    assert not heeded(PACK, dear, ["rice"], [Decimal(7)])


def test_the_words_for_too_much_are_found_in_a_sentence() -> None:
    assert read_too("Hm, TOO HARD for my teeth", PACK) == (("crust", "crackling"),)
    assert read_too("not hard", PACK) == ()


@pytest.mark.parametrize("words", ["not too hard please", "nothing too hard"])
def test_a_wish_that_it_be_not_too_much_is_no_verdict(words: str) -> None:
    assert read_too(words, PACK, ANSWERS.negations) == ()


@pytest.mark.parametrize("words", ["no, too hard", "no too hard", "too hard, not my taste"])
def test_a_verdict_behind_a_no_stays_one(words: str) -> None:
    assert read_too(words, PACK, ANSWERS.negations) == (("crust", "crackling"),)


def test_a_reason_that_the_shop_does_not_know_says_nothing() -> None:
    assert too_much(TOO_HARD, PACK) == ("crust", "crackling")
    assert (too_much("too.crust.gone", PACK), too_much(DEAR, PACK), too_much("", PACK)) == (None, None, None)


def ordered(*names: str, rating: Rating | None = None) -> list[Ordered]:
    return [
        Ordered(name, {"cut": "whole", "size": "full"}, NOW - (20 - n) * DAY, rating, n)
        for n, name in enumerate(names, 1)
    ]


def test_orders_that_agree_make_a_usual() -> None:
    found = the_usual(PACK, [], ordered("goat", "farmer", "farmer"), NOW)
    assert found is not None
    assert (found.product, found.gone) == ("farmer", False)


def test_orders_that_differ_make_none() -> None:
    assert the_usual(PACK, [], ordered("goat", "farmer"), NOW) is None


def test_what_was_disliked_last_is_no_usual() -> None:
    assert the_usual(PACK, [], ordered("goat", "goat", rating=Rating.DISLIKED), NOW) is None


@pytest.mark.parametrize(
    ("topic", "value", "polarity"),
    [
        ("crust", "crackling", Polarity.DISLIKES),
        ("filling", "seeds", Polarity.NEVER),
        ("grain", "wheat", Polarity.LIKES),
        ("size", "half", Polarity.LIKES),
        ("cut", "whole", Polarity.DISLIKES),
    ],
)
def test_a_fact_said_since_takes_the_usual_away(topic: str, value: str, polarity: Polarity) -> None:
    since = [fact(1, topic, value, polarity, since=NOW)]
    before = [fact(1, topic, value, polarity, since=NOW - 90 * DAY)]
    history = ordered("farmer", "farmer")
    assert the_usual(PACK, since, history, NOW) is None
    assert the_usual(PACK, before, history, NOW) is not None


def test_what_agrees_with_the_usual_leaves_it() -> None:
    agreeing = [fact(1, "grain", "rye", since=NOW), fact(2, "size", "full", since=NOW)]
    assert the_usual(PACK, agreeing, ordered("farmer", "farmer"), NOW) is not None


def test_a_usual_that_ran_out_gives_way_to_the_nearest() -> None:
    shop = replace(PACK, products={**PACK.products, "farmer": replace(PACK.products["farmer"], stock=0)})
    found = the_usual(shop, [], ordered("farmer", "farmer"), NOW)
    assert found is not None
    assert (found.product, found.gone) == ("baguette", True)
    hard = [fact(1, "contains", "gluten", Polarity.NEVER, since=NOW - 90 * DAY)]
    assert nearest(shop, "farmer", hard, [], NOW) == "goat"


@pytest.mark.parametrize(("days", "unwanted"), [(80, True), (100, False)])
def test_what_there_was_too_much_of_long_ago_is_unwanted_no_more(days: int, unwanted: bool) -> None:
    catalogue = catalogue_of(PACK)
    taught = [Lesson(NOW - days * DAY, ("baguette",), ("crust", "crackling"))]
    columns = [catalogue.column["crust", "crackling"]] if unwanted else []
    assert too_much_now(catalogue, taught, NOW) == columns
