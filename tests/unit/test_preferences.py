"""What is believed after something is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.preferences import Changes, beliefs, confidence_at, is_stale, weigh
from tests.unit.packs import NOW, YEAR, bakery, fact, heard

PACK = bakery()
LIKES, DISLIKES, NEVER = Polarity.LIKES, Polarity.DISLIKES, Polarity.NEVER


def applied(believed: list[Fact], changes: Changes, stated: bool = True) -> list[Fact]:
    """What is believed afterwards, as the store would have it."""
    kept = [one for one in believed if one not in changes.end]
    first = max((one.id for one in believed), default=0) + 1
    learned = [
        fact(first + n, one.topic, one.value, one.polarity, stated=stated)
        for n, one in enumerate(changes.learn)
    ]
    return kept + learned


def stances(believed: list[Fact]) -> set[tuple[str, str]]:
    """Value and polarity of each fact."""
    return {(one.value, one.polarity.value) for one in believed}


def test_the_newest_like_of_a_single_valued_topic_ends_the_older_one() -> None:
    old = fact(1, "crust", "soft")
    assert weigh([heard("crust", "firm")], [old], PACK) == Changes((heard("crust", "firm"),), (old,))


def test_a_dislike_lives_beside_the_like_of_another_value() -> None:
    liked = fact(1, "crust", "soft")
    changes = weigh([heard("crust", "firm", DISLIKES)], [liked], PACK)
    assert changes == Changes((heard("crust", "firm", DISLIKES),))


@pytest.mark.parametrize("polarity", [DISLIKES, NEVER])
def test_a_dislike_ends_the_like_of_the_same_value(polarity: Polarity) -> None:
    liked = fact(1, "crust", "soft")
    assert weigh([heard("crust", "soft", polarity)], [liked], PACK).end == (liked,)


def test_a_like_ends_the_never_of_the_same_value_because_it_is_newer() -> None:
    never = fact(1, "filling", "olives", NEVER)
    assert weigh([heard("filling", "olives")], [never], PACK).end == (never,)


def test_a_set_grows_with_each_like() -> None:
    liked = fact(1, "filling", "olives")
    assert weigh([heard("filling", "seeds")], [liked], PACK) == Changes((heard("filling", "seeds"),))


def test_a_set_shrinks_when_one_of_its_values_is_disliked() -> None:
    believed = [fact(1, "filling", "olives"), fact(2, "filling", "seeds")]
    changes = weigh([heard("filling", "olives", DISLIKES)], believed, PACK)
    assert stances(applied(believed, changes)) == {("seeds", "likes"), ("olives", "dislikes")}


def test_the_same_said_again_confirms_and_teaches_nothing_new() -> None:
    liked = fact(1, "crust", "soft")
    assert weigh([heard("crust", "soft")], [liked], PACK) == Changes(same=(liked,))


def test_what_was_guessed_becomes_a_new_stated_fact_when_it_is_said() -> None:
    guess = fact(1, "crust", "soft", stated=False, confidence=0.4)
    assert weigh([heard("crust", "soft")], [guess], PACK) == Changes((heard("crust", "soft"),), (guess,))


def test_a_guess_never_ends_what_was_said() -> None:
    said = fact(1, "crust", "soft")
    assert weigh([heard("crust", "firm")], [said], PACK, stated=False) == Changes()


def test_a_guess_that_agrees_with_what_was_said_teaches_nothing_new() -> None:
    said = fact(1, "crust", "soft")
    assert weigh([heard("crust", "soft")], [said], PACK, stated=False) == Changes(same=(said,))


def test_of_two_likes_in_one_message_the_later_counts_on_a_single_valued_topic() -> None:
    assert weigh([heard("crust", "soft"), heard("crust", "firm")], [], PACK).learn == (
        heard("crust", "firm"),
    )


def test_saying_it_twice_in_one_message_is_saying_it_once() -> None:
    assert weigh([heard("filling", "seeds")] * 2, [], PACK).learn == (heard("filling", "seeds"),)


def test_two_likes_of_a_set_in_one_message_are_both_learned() -> None:
    both = (heard("filling", "seeds"), heard("filling", "olives"))
    assert weigh(both, [], PACK).learn == both


def test_taking_something_back_in_the_same_breath_leaves_the_last_word() -> None:
    first, last = heard("filling", "seeds"), heard("filling", "seeds", DISLIKES)
    assert weigh([first, last], [], PACK).learn == (last,)


def test_two_and_two_point_nought_are_the_same_number() -> None:
    two = fact(1, "people", "2")
    assert weigh([heard("people", "2.0")], [two], PACK) == Changes(same=(two,))


def test_a_name_in_other_capitals_is_the_same_name() -> None:
    ann = fact(1, "name", "Ann")
    assert weigh([heard("name", "ann ")], [ann], PACK).same == (ann,)


def test_words_about_a_topic_of_another_pack_are_left_alone() -> None:
    assert weigh([heard("engine", "diesel")], [], PACK) == Changes()


def test_a_fact_is_believed_half_as_much_after_its_half_life() -> None:
    old = fact(1, "crust", "soft", since=NOW - YEAR, confidence=0.8)
    assert confidence_at(old, PACK.topics["crust"], NOW) == pytest.approx(0.4)


def test_a_fact_from_a_clock_ahead_of_ours_is_believed_no_more_than_when_it_was_learned() -> None:
    ahead = fact(1, "crust", "soft", since=NOW + timedelta(minutes=5))
    assert confidence_at(ahead, PACK.topics["crust"], NOW) == 1.0


def test_a_fact_is_stale_after_its_half_life_and_not_before() -> None:
    just, past = (fact(1, "crust", "soft", since=NOW - YEAR + timedelta(days=d)) for d in (1, -1))
    topic = PACK.topics["crust"]
    assert (is_stale(just, topic, NOW), is_stale(past, topic, NOW)) == (False, True)


def test_beliefs_give_the_name_and_the_number_as_they_were_said() -> None:
    known = beliefs([fact(1, "name", "小明"), fact(2, "people", "3")], PACK, NOW)
    assert (known.text("name"), known.number("people")) == ("小明", Decimal(3))


def test_a_dislike_alone_leaves_the_question_open() -> None:
    known = beliefs([fact(1, "crust", "soft", DISLIKES)], PACK, NOW)
    assert (known.known("crust"), known.answered("crust")) == (True, False)


def test_what_to_avoid_is_answered_by_a_never() -> None:
    assert beliefs([fact(1, "contains", "gluten", NEVER)], PACK, NOW).answered("contains")


def test_a_value_that_left_the_pack_counts_nothing() -> None:
    assert not beliefs([fact(1, "crust", "burnt")], PACK, NOW).known("crust")


CHOICE_TOPICS = ["crust", "grain", "filling", "contains", "cut", "size"]


@st.composite
def statements(draw: st.DrawFn) -> Heard:
    """Any statement about a topic with values."""
    topic = PACK.topics[draw(st.sampled_from(CHOICE_TOPICS))]
    said = draw(st.sampled_from(sorted(topic.values)))
    return heard(topic.name, said, draw(st.sampled_from(Polarity)))


messages = st.lists(st.tuples(st.lists(statements(), max_size=4), st.booleans()), max_size=8)


def after(script: list[tuple[list[Heard], bool]]) -> list[Fact]:
    """What is believed after these messages."""
    believed: list[Fact] = []
    for said, stated in script:
        believed = applied(believed, weigh(said, believed, PACK, stated), stated)
    return believed


@given(messages)
def test_a_single_valued_topic_never_has_two_likes(script: list[tuple[list[Heard], bool]]) -> None:
    likes = [one.topic for one in after(script) if one.polarity is LIKES and not PACK.topics[one.topic].many]
    assert len(likes) == len(set(likes))


@given(messages)
def test_no_value_has_two_stances(script: list[tuple[list[Heard], bool]]) -> None:
    pairs = [(one.topic, one.value) for one in after(script)]
    assert len(pairs) == len(set(pairs))


@given(messages, statements())
def test_what_was_said_last_is_believed(script: list[tuple[list[Heard], bool]], last: Heard) -> None:
    believed = after([*script, ([last], True)])
    assert (last.topic, last.value, last.polarity) in {(f.topic, f.value, f.polarity) for f in believed}


@given(messages, st.lists(statements(), max_size=4), st.booleans())
def test_weighing_the_same_message_again_changes_nothing(
    script: list[tuple[list[Heard], bool]], said: list[Heard], stated: bool
) -> None:
    before = after(script)
    believed = applied(before, weigh(said, before, PACK, stated), stated)
    last_words = weigh(said, [], PACK).learn
    again = weigh(last_words, believed, PACK, stated)
    assert (again.learn, again.end) == ((), ())


@given(messages, st.lists(statements(), max_size=4))
def test_a_guess_ends_nothing_that_was_said(
    script: list[tuple[list[Heard], bool]], guesses: list[Heard]
) -> None:
    assert not [one for one in weigh(guesses, after(script), PACK, stated=False).end if one.stated]


def ended(topic_name: str, said: str, polarity: Polarity = Polarity.LIKES) -> Heard:
    """It was so, and is no longer."""
    return replace(heard(topic_name, said, polarity), ends=True)


def test_a_habit_given_up_ends_and_nothing_new_is_learned() -> None:
    old = fact(1, "crust", "firm")
    assert weigh([ended("crust", "firm")], [old], PACK) == Changes((), (old,))


def test_giving_up_what_was_never_known_changes_nothing() -> None:
    other = fact(1, "crust", "soft")
    assert weigh([ended("crust", "firm")], [other], PACK) == Changes()


def test_giving_up_one_value_leaves_the_rest_of_the_set() -> None:
    olives, seeds = fact(1, "filling", "olives"), fact(2, "filling", "seeds")
    assert weigh([ended("filling", "olives")], [olives, seeds], PACK) == Changes((), (olives,))


def test_a_dislike_that_no_longer_holds_is_no_like() -> None:
    old = fact(1, "filling", "olives", DISLIKES)
    assert weigh([ended("filling", "olives", DISLIKES)], [old], PACK) == Changes((), (old,))
