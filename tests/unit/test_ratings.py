"""What ratings tell about a taste."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from one_to_one.facts import Polarity
from one_to_one.feedback import inferred, tells_something
from one_to_one.history import Ordered, Rating
from one_to_one.preferences import weigh
from tests.unit.packs import NOW, bakery, fact

PACK = bakery()
DISLIKED, LIKED, OK = Rating.DISLIKED, Rating.LIKED, Rating.OK


def rated(product: str, rating: Rating | None) -> Ordered:
    """An order line with its rating."""
    return Ordered(product, {}, NOW, rating)


def suppositions(last: Ordered, *earlier: Ordered) -> set[tuple[str, str, Polarity]]:
    """Topic, value and stance of what is inferred when nothing was said."""
    return {(one.topic, one.value, one.polarity) for one in inferred(PACK, last, [], [*earlier, last])}


def test_one_rating_tells_nothing_about_a_taste() -> None:
    assert suppositions(rated("farmer", LIKED)) == set()


def test_two_liked_products_that_share_a_value_suggest_a_like() -> None:
    assert suppositions(rated("farmer", LIKED), rated("goat", LIKED)) == {
        ("filling", "seeds", Polarity.LIKES)
    }


def test_two_disliked_products_that_share_a_value_suggest_a_dislike() -> None:
    found = suppositions(rated("farmer", DISLIKED), rated("pumpernickel", DISLIKED))
    assert found == {("grain", "rye", Polarity.DISLIKES)}


def test_a_value_that_was_also_in_something_liked_is_not_blamed() -> None:
    bad, good = (rated("goat", DISLIKED), rated("ciabatta", DISLIKED)), rated("pumpernickel", LIKED)
    assert suppositions(*bad) == {("crust", "firm", Polarity.DISLIKES)}
    assert suppositions(*bad, good) == set()


def test_an_ok_tells_nothing() -> None:
    assert suppositions(rated("farmer", OK), rated("goat", LIKED)) == set()


def test_nothing_sensitive_is_ever_supposed() -> None:
    found = suppositions(rated("brioche", DISLIKED), rated("goat", DISLIKED))
    assert not {one for one in found if one[0] == "contains"}


def test_nothing_is_supposed_about_what_the_customer_said() -> None:
    said = fact(1, "filling", "seeds", Polarity.DISLIKES)
    history = [rated("goat", LIKED), rated("farmer", LIKED)]
    assert inferred(PACK, history[-1], [said], history) == ()


def test_a_supposition_is_believed_less_than_a_statement_and_ends_none() -> None:
    history = [rated("goat", LIKED), rated("farmer", LIKED)]
    guess = inferred(PACK, history[-1], [], history)
    said = fact(1, "filling", "seeds", Polarity.NEVER)
    assert [one.confidence for one in guess] == [0.5]
    assert weigh(guess, [said], PACK, stated=False).learn == ()


def test_a_product_that_is_not_made_any_more_tells_nothing() -> None:
    assert suppositions(rated("bagel", LIKED), rated("goat", LIKED)) == set()


def test_what_products_merely_suit_is_never_supposed() -> None:
    filling = replace(PACK.topics["filling"], suits=True)
    pack = replace(PACK, topics={**PACK.topics, "filling": filling})
    history = [rated("goat", LIKED), rated("farmer", LIKED)]
    assert inferred(PACK, history[-1], [], history) != ()
    assert inferred(pack, history[-1], [], history) == ()


def test_how_it_was_is_asked_once_in_half_a_year() -> None:
    history = [rated("goat", LIKED), rated("farmer", None)]
    assert not tells_something("goat", NOW + timedelta(days=30), history)
    assert tells_something("goat", NOW + timedelta(days=200), history)
    assert not tells_something("farmer", NOW + timedelta(days=30), history), "they had it again: they like it"
    assert tells_something("fruit", NOW + timedelta(days=30), history)
