"""What counts in one contact only."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from one_to_one.facts import Polarity
from one_to_one.passing import SOMEBODY, Passing, Wish, from_json, to_json
from tests.unit.packs import bakery, heard

PACK = bakery()
LIKES, DISLIKES = Polarity.LIKES, Polarity.DISLIKES


def wish(topic: str, value: str, polarity: Polarity = LIKES, who: str = "") -> Wish:
    return Wish(topic, value, polarity, who)


def passing(*wishes: Wish) -> Passing:
    return Passing().with_wishes(wishes, PACK)


def test_wishes_of_one_person_add_up() -> None:
    mum = [wish("crust", "soft", DISLIKES, "mother"), wish("grain", "rice", LIKES, "mother")]
    assert passing(*mum).of("mother") == tuple(mum)


def test_each_person_has_wishes_of_their_own() -> None:
    both = passing(wish("crust", "soft", LIKES, "mother"), wish("crust", "firm"))
    assert both.of("") == (wish("crust", "firm"),)
    assert both.of("mother") == (wish("crust", "soft", LIKES, "mother"),)


def test_what_was_said_of_nobody_in_particular_counts_for_whoever_is_named_later() -> None:
    assert len(passing(wish("crust", "soft", LIKES, SOMEBODY)).of("mother")) == 1


def test_a_later_wish_takes_the_place_of_one_that_cannot_be_true_beside_it() -> None:
    assert passing(wish("crust", "soft"), wish("crust", "firm")).of("") == (wish("crust", "firm"),)
    assert passing(wish("filling", "seeds"), wish("filling", "seeds", DISLIKES)).of("") == (
        wish("filling", "seeds", DISLIKES),
    )


def test_several_wishes_fit_where_several_values_do() -> None:
    assert len(passing(wish("filling", "seeds"), wish("filling", "olives")).of("")) == 2


def test_something_lasting_outdoes_an_earlier_wish_of_their_own_only() -> None:
    before = passing(wish("crust", "soft"), wish("crust", "soft", LIKES, "mother"))
    assert before.outdone_by([heard("crust", "firm")], PACK).wishes == (
        wish("crust", "soft", LIKES, "mother"),
    )


wishes = st.builds(
    Wish,
    st.sampled_from(["crust", "filling"]),
    st.sampled_from(["soft", "firm", "seeds"]),
    st.sampled_from(list(Polarity)),
    st.sampled_from(["", "mother", SOMEBODY]),
    st.text(max_size=5),
    st.integers(0, 3),
)


@given(st.lists(wishes, max_size=6), st.sampled_from(["", "mother"]))
def test_what_is_kept_with_the_contact_is_read_back_the_same(some: list[Wish], about: str) -> None:
    all_of_it = Passing(about).with_wishes(some, PACK)
    assert from_json(to_json(all_of_it)) == all_of_it


def test_nothing_is_kept_when_there_is_nothing() -> None:
    assert to_json(Passing()) is None
    assert from_json(None) == Passing()
