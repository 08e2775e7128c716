"""What may be supposed without its having been said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from one_to_one.crowd import CatalogueCrowd
from one_to_one.facts import Fact, Polarity
from one_to_one.history import Ordered, Rating
from one_to_one.inferring import FROM_CROWD, FROM_ORDERS, from_crowd, from_orders, outdated, unrefused
from one_to_one.preferences import weigh
from tests.unit.packs import NOW, bakery, fact, heard, module, pack, product, topic

PACK = pack(
    [
        topic("roast", "light", "medium", "dark", scale=True),
        topic("place", "north", "south", "west"),
        topic("size", "small", "large"),
        topic("touchy", "a", "b", sensitive=True),
    ],
    [
        product("one", roast="dark", place="north", touchy="a"),
        product("two", roast="dark", place="south", touchy="a"),
        product("three", roast="light", place="west", touchy="b"),
        product("four", roast="medium", place="west", touchy="b"),
        product("five", roast="light", place="west", touchy="b"),
    ],
    [module("size", "small", small="1", large="2")],
)
DAY = timedelta(days=1)


def orders(*products: str, size: str = "small", rating: Rating | None = None) -> list[Ordered]:
    return [Ordered(name, {"size": size}, NOW + n * DAY, rating, n) for n, name in enumerate(products, 1)]


def supposed(history: Sequence[Ordered], *believed: Fact) -> set[tuple[str, str]]:
    return {(one.topic, one.value) for one in from_orders(PACK, history, believed)}


def test_an_option_chosen_twice_is_supposed_and_the_default_is_not() -> None:
    assert ("size", "large") in supposed(orders("one", "three", size="large"))
    assert supposed(orders("one", "three", size="small")) == set()


def test_a_value_that_two_different_orders_share_is_supposed() -> None:
    assert supposed(orders("one", "two")) == {("roast", "dark")}
    assert supposed(orders("one", "one")) == set()


def test_something_sensitive_is_never_supposed() -> None:
    assert "touchy" not in {name for name, _ in supposed(orders("one", "two"))}


def test_one_order_is_not_enough_and_a_bad_one_counts_against() -> None:
    assert supposed(orders("one", size="large")) == set()
    assert supposed(orders("one", "two", size="large", rating=Rating.DISLIKED)) == set()


@pytest.mark.parametrize("polarity", list(Polarity))
def test_nothing_is_supposed_against_what_is_believed(polarity: Polarity) -> None:
    assert ("roast", "dark") not in supposed(orders("one", "two"), fact(1, "roast", "dark", polarity))
    assert supposed(orders("one", "two"), fact(1, "roast", "light")) == set()


def test_a_supposition_weighs_less_than_a_statement() -> None:
    assert {one.confidence for one in from_orders(PACK, orders("one", "two"), [])} == {FROM_ORDERS}


def test_the_next_order_takes_back_what_it_goes_against() -> None:
    guess = fact(1, "size", "large", stated=False)
    said = fact(2, "roast", "dark")
    other = fact(3, "roast", "dark", stated=False)
    [last] = orders("three")
    assert outdated(PACK, last, [guess, said, other]) == [guess, other]
    assert outdated(PACK, orders("one", size="large")[0], [guess, other]) == []


@dataclass(frozen=True)
class Sure(CatalogueCrowd):
    """Customers who all answer alike."""

    chance: float = 0.9

    def answer_chances(self, topic: str, given: Mapping[str, object]) -> Mapping[str, float]:
        first, *rest = self.values[topic]
        return {first: self.chance} | dict.fromkeys(rest, (1.0 - self.chance) / len(rest))


VALUES = {name: tuple(one.values) for name, one in PACK.topics.items()}
KNOWN = [fact(1, "place", "north"), fact(2, "size", "large"), fact(3, "touchy", "a")]


def guesses(customers: int = 500, chance: float = 0.9, known: Sequence[Fact] = KNOWN) -> set[tuple[str, str]]:
    crowd = Sure(VALUES, customers=customers, chance=chance)
    return {(one.topic, one.value) for one in from_crowd(PACK, crowd, known)}


def test_what_nearly_everybody_like_them_answers_is_supposed() -> None:
    assert guesses() == {("roast", "light")}
    crowd = Sure(VALUES, customers=500)
    assert [one.confidence for one in from_crowd(PACK, crowd, KNOWN)] == [FROM_CROWD]


def test_few_customers_a_doubt_or_a_stranger_let_suppose_nothing() -> None:
    assert guesses(customers=20) == guesses(chance=0.7) == guesses(known=KNOWN[:2]) == set()


def test_a_guess_does_not_make_others_similar() -> None:
    guessed = [replace(one, stated=False) for one in KNOWN]
    assert guesses(known=guessed) == set()


def test_a_supposition_never_ends_a_statement_and_ends_when_contradicted() -> None:
    house = bakery()
    said, guess = fact(1, "crust", "soft"), fact(2, "crust", "soft", stated=False)
    assert weigh([heard("crust", "firm")], [said], house, stated=False).end == ()
    assert weigh([heard("crust", "firm")], [guess], house).end == (guess,)


def test_what_was_found_wrong_is_supposed_again_only_from_what_came_after() -> None:
    def left(history: Sequence[Ordered], refused_after: int) -> set[tuple[str, str]]:
        refused = {("roast", "dark", Polarity.LIKES): NOW + refused_after * DAY + DAY / 2}
        guesses = from_orders(PACK, history, [])
        assert ("roast", "dark") in {(one.topic, one.value) for one in guesses}
        kept = unrefused(
            guesses, refused, lambda at: from_orders(PACK, [one for one in history if one.at > at], [])
        )
        return {(one.topic, one.value) for one in kept}

    assert left(orders("one", "two", size="large"), 2) == {("size", "large")}
    assert left(orders("one", "two", "one"), 2) == set()
    assert left(orders("one", "two", "one", "two"), 2) == {("roast", "dark")}
    other = {("roast", "dark", Polarity.DISLIKES): NOW + 9 * DAY}
    assert unrefused(from_orders(PACK, orders("one", "two"), []), other, lambda _: []) != []
