"""Answers grown old, and ledgers of two customers that become one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.ageing import aged, grown_old
from one_to_one.ledger import MOST_UNANSWERED, Question, QuestionState, after, joined, may_ask
from one_to_one.planner import Excluded, considered, next_question
from tests.unit.packs import NOW, bakery, fact

ASKED, ANSWERED, DECLINED = QuestionState.ASKED, QuestionState.ANSWERED, QuestionState.DECLINED
NOT_NOW, STALE, UNASKED = QuestionState.NOT_NOW, QuestionState.STALE, QuestionState.UNASKED
PAUSED = QuestionState.PAUSED
DAY = timedelta(days=1)
SHOP = bakery(questions=2)
HALF_LIFE = SHOP.topics["crust"].half_life
FIRM = fact(1, "crust", "firm", since=NOW)
TOLD = {"crust": Question("crust", ANSWERED, NOW, 1, 1, NOW, 1)}


def line(state: QuestionState, times: int = 1, *, days: int = 0, settled: int = 0) -> Question:
    """A line of the ledger, entered after so many days."""
    at = NOW + days * DAY
    return Question("crust", state, at, times, 1, at, settled)


def test_an_answer_is_stale_once_half_of_it_has_faded_and_not_before() -> None:
    assert aged(TOLD, [FIRM], SHOP, NOW + HALF_LIFE - DAY)["crust"].state is ANSWERED
    old = aged(TOLD, [FIRM], SHOP, NOW + HALF_LIFE + DAY)["crust"]
    assert (old.state, old.at) == (STALE, NOW + HALF_LIFE)


def test_what_was_told_without_ever_being_asked_grows_old_too() -> None:
    old = aged({}, [FIRM], SHOP, NOW + 2 * HALF_LIFE)
    assert (old["crust"].state, old["crust"].times_asked) == (STALE, 0)


def test_what_was_only_supposed_is_nothing_to_confirm() -> None:
    assert grown_old([replace(FIRM, stated=False)], SHOP, NOW + 2 * HALF_LIFE) == {}


def test_a_stale_answer_is_confirmed_and_not_asked_anew() -> None:
    later = NOW + 2 * HALF_LIFE
    others = {name: Question(name, PAUSED, NOW, 0, None) for name in SHOP.topics if name != "crust"}
    planned = next_question(SHOP, [FIRM], TOLD | others, 0, later, contact=2)
    assert planned is not None
    assert (planned.topic, planned.stale) == ("crust", FIRM.id)


@pytest.mark.parametrize("state", [DECLINED, NOT_NOW, PAUSED, ASKED])
def test_what_was_refused_since_stays_refused_though_the_answer_grows_old(state: QuestionState) -> None:
    later = NOW + 2 * HALF_LIFE
    refused = Question("crust", state, later - DAY / 2, 2, 1, later - DAY / 2, 1)
    assert aged({"crust": refused}, [FIRM], SHOP, later) == {"crust": refused}
    _, ranking = considered(SHOP, [FIRM], {"crust": refused}, 0, later, contact=2)
    why = next(one.excluded for one in ranking if one.topic == "crust")
    assert why not in (None, Excluded.USELESS, Excluded.DEAR)


def test_an_answer_confirmed_is_fresh_again() -> None:
    said_again = replace(FIRM, source=replace(FIRM.source, at=NOW + 2 * HALF_LIFE))
    assert aged(TOLD, [said_again], SHOP, NOW + 2 * HALF_LIFE + DAY)["crust"].state is ANSWERED


def test_of_two_customers_who_are_one_a_refusal_and_a_pause_stay() -> None:
    assert joined(line(DECLINED), line(ASKED, days=9)).state is DECLINED
    assert joined(line(ASKED, days=9), line(NOT_NOW)).state is NOT_NOW
    assert joined(line(NOT_NOW, days=9), line(DECLINED)).state is DECLINED
    assert joined(line(PAUSED), line(ANSWERED, days=9)).state is PAUSED


@pytest.mark.parametrize("refused", [DECLINED, NOT_NOW])
def test_of_an_answer_and_a_refusal_the_later_counts(refused: QuestionState) -> None:
    assert joined(line(ANSWERED, days=1, settled=1), line(refused, days=2)).state is refused
    assert joined(line(ANSWERED, days=2, settled=1), line(refused, days=1)).state is ANSWERED


def test_what_either_was_asked_in_vain_adds_up() -> None:
    both = joined(line(ASKED), line(ASKED, days=1))
    assert both.tries == MOST_UNANSWERED
    assert not may_ask(both, NOW + 3650 * DAY, contact=9)


def test_an_answer_of_either_begins_the_count_anew() -> None:
    assert joined(line(ASKED, times=2), line(ANSWERED, days=1, settled=1)).tries == 0


def test_two_topics_are_never_one_line() -> None:
    with pytest.raises(ValueError, match="crust"):
        joined(line(ASKED), replace(line(ASKED), topic="grain"))


LINES = st.builds(
    lambda state, times, days, contact: Question(
        "crust", state, NOW + days * DAY, times, contact, NOW + days * DAY, times if state is ANSWERED else 0
    ),
    st.sampled_from([ASKED, ANSWERED, DECLINED, NOT_NOW, PAUSED]),
    st.integers(1, 3),
    st.integers(0, 400),
    st.integers(1, 9),
)


@given(LINES, LINES)
def test_it_makes_no_difference_who_is_joined_to_whom(one: Question, other: Question) -> None:
    assert joined(one, other).state is joined(other, one).state
    assert joined(one, other).tries >= 0


@given(LINES, LINES, st.integers(0, 2000))
def test_what_neither_may_be_asked_they_may_not_be_asked_together(
    one: Question, other: Question, days: int
) -> None:
    now = max(one.at, other.at) + days * DAY
    if not may_ask(one, now, contact=99) and not may_ask(other, now, contact=99):
        assert not may_ask(joined(one, other), now, contact=99)


@given(LINES, LINES)
def test_a_refusal_after_the_other_ones_answer_is_never_forgotten(one: Question, other: Question) -> None:
    refusals = [each for each in (one, other) if each.state in (DECLINED, NOT_NOW)]
    answers = [each for each in (one, other) if each.state is ANSWERED]
    if refusals and not any(answer.at >= refusal.at for answer in answers for refusal in refusals):
        assert joined(one, other).state in (DECLINED, NOT_NOW, PAUSED)


@given(LINES, LINES, st.sampled_from([ASKED, NOT_NOW, STALE]))
def test_what_happens_after_joining_keeps_a_standing_no(
    one: Question, other: Question, event: QuestionState
) -> None:
    both = joined(one, other)
    if both.state is DECLINED:
        assert after(both, "crust", event, both.at + DAY, 50).state is DECLINED
