"""What may be asked, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from one_to_one.facts import Fact
from one_to_one.ledger import Question, QuestionState, after, budget, joined, may_ask, wording
from one_to_one.planner import next_question
from one_to_one.shop import FOR_GOOD, TERMS, Terms
from tests.unit.packs import NOW, bakery, fact

ASKED, ANSWERED, DECLINED = QuestionState.ASKED, QuestionState.ANSWERED, QuestionState.DECLINED
NOT_NOW, STALE, UNASKED = QuestionState.NOT_NOW, QuestionState.STALE, QuestionState.UNASKED
DAY = timedelta(days=1)
SHOP = bakery(questions=2)


def line(state: QuestionState, times: int = 1, contact: int = 1) -> Question:
    """A line of the ledger, entered now."""
    return Question("crust", state, NOW, times, contact)


def test_what_was_never_asked_may_be_asked() -> None:
    assert may_ask(None, NOW)


def test_what_was_answered_is_not_asked_again() -> None:
    assert not may_ask(line(ANSWERED), NOW + 3650 * DAY, contact=2)


def test_a_refusal_is_honoured_for_the_term_of_its_topic() -> None:
    terms = Terms(declined_for=100 * DAY)
    assert not may_ask(line(DECLINED), NOW + 99 * DAY, contact=2, terms=terms)
    assert may_ask(line(DECLINED), NOW + 100 * DAY, contact=2, terms=terms)


def test_a_second_refusal_is_honoured_longer() -> None:
    terms = Terms(declined_for=100 * DAY)
    assert not may_ask(line(DECLINED, times=2), NOW + 399 * DAY, contact=3, terms=terms)
    assert may_ask(line(DECLINED, times=2), NOW + 400 * DAY, contact=3, terms=terms)


def test_what_is_declined_for_good_is_never_asked_again() -> None:
    assert not may_ask(line(DECLINED), NOW + 36500 * DAY, contact=2, terms=FOR_GOOD)


def test_the_term_of_not_now_is_the_topics_own() -> None:
    terms = Terms(not_now_for=2 * DAY)
    assert not may_ask(line(NOT_NOW), NOW + DAY, contact=2, terms=terms)
    assert may_ask(line(NOT_NOW), NOW + 2 * DAY, contact=2, terms=terms)


def test_what_the_customer_paused_is_not_asked_until_they_say_so() -> None:
    paused = after(line(ANSWERED), "crust", QuestionState.PAUSED, NOW)
    assert not may_ask(paused, NOW + 3650 * DAY, contact=2)
    assert after(paused, "crust", ASKED, NOW).state is QuestionState.PAUSED
    assert may_ask(after(paused, "crust", UNASKED, NOW), NOW + DAY, contact=2)


def test_an_answer_begins_the_count_of_tries_anew() -> None:
    twice = line(ASKED, times=2)
    assert after(twice, "crust", ANSWERED, NOW).tries == 0


def test_what_one_answered_is_not_asked_when_the_other_who_is_the_same_put_it_off_later() -> None:
    answered, put_off = line(ANSWERED), replace(line(NOT_NOW, contact=2), at=NOW + 90 * DAY)
    for both in (joined(answered, put_off), joined(put_off, answered)):
        assert (both.state, both.known) == (NOT_NOW, True)
        later = both.at + 300 * DAY
        asked = next_question(SHOP, [], {"crust": both}, 0, later, contact=3)
        assert asked is not None
        assert asked.topic != "crust"
        assert joined(both, line(ASKED)).known


def test_what_is_answered_anew_or_opened_again_needs_no_earlier_answer() -> None:
    both = joined(line(ANSWERED), replace(line(NOT_NOW), at=NOW + DAY))
    assert not after(both, "crust", ANSWERED, NOW + DAY).known
    assert not after(both, "crust", UNASKED, NOW + DAY).known
    assert after(both, "crust", ASKED, NOW + 9 * DAY).known


def test_after_a_refusal_nothing_else_is_asked_in_the_contact() -> None:
    ledger = {"crust": line(DECLINED, contact=3)}
    assert next_question(SHOP, [], ledger, 1, NOW, contact=3) is None
    assert next_question(SHOP, [], ledger, 0, NOW, contact=4) is not None


def test_an_answer_grown_old_may_be_confirmed() -> None:
    assert may_ask(line(STALE), NOW + 400 * DAY, contact=2)


def test_an_unanswered_question_comes_back_once_at_a_later_contact_in_other_words() -> None:
    once = line(ASKED)
    assert may_ask(once, NOW + 2 * DAY, contact=2)
    assert wording(once) == 1


def test_an_unanswered_question_does_not_come_back_in_the_same_contact() -> None:
    assert not may_ask(line(ASKED), NOW + 2 * DAY, contact=1)


def test_an_unanswered_question_rests_for_a_day() -> None:
    assert not may_ask(line(ASKED), NOW + DAY / 2, contact=2)


def test_a_question_that_got_no_answer_twice_is_dropped() -> None:
    assert not may_ask(line(ASKED, times=2), NOW + 3650 * DAY, contact=9)


def test_not_now_is_honoured_for_its_term() -> None:
    later = line(NOT_NOW)
    assert not may_ask(later, NOW + TERMS.not_now_for - DAY, contact=2)
    assert may_ask(later, NOW + TERMS.not_now_for, contact=2)


def test_a_second_not_now_lasts_longer() -> None:
    assert not may_ask(line(NOT_NOW, times=2), NOW + 2 * TERMS.not_now_for, contact=3)


def test_asking_does_not_undo_a_refusal() -> None:
    assert after(line(DECLINED), "crust", ASKED, NOW, 2) == line(DECLINED)


def test_an_answer_given_unasked_undoes_a_refusal() -> None:
    assert after(line(DECLINED), "crust", ANSWERED, NOW).state is ANSWERED


@pytest.mark.parametrize(("wanted", "granted"), [(-1, 0), (0, 0), (1, 1), (2, 2), (9, 2)])
def test_a_contact_holds_two_questions_at_most(wanted: int, granted: int) -> None:
    assert budget(replace(bakery().shop, questions_per_contact=wanted)) == granted


class Visits:
    """A customer's contacts, played by the rules: asks whenever the planner wants to."""

    def __init__(self) -> None:
        self.pack = SHOP
        self.ledger: dict[str, Question] = {}
        self.facts: list[Fact] = []
        self.now = NOW
        self.contact = 1
        self.spent = 0
        self.asked: list[tuple[int, str]] = []  # contact, topic

    def ask(self) -> str | None:
        """Put the next question, if there is one."""
        planned = next_question(
            self.pack, self.facts, self.ledger, self.spent, self.now, contact=self.contact
        )
        if planned is None:
            return None
        self.mark(planned.topic, ASKED)
        self.spent += 1
        self.asked.append((self.contact, planned.topic))
        return planned.topic

    def mark(self, topic: str, state: QuestionState) -> None:
        """Enter a state into the ledger."""
        self.ledger[topic] = after(self.ledger.get(topic), topic, state, self.now, self.contact)

    def answer(self, topic: str) -> None:
        """Answer with the topic's first value."""
        values = self.pack.topics[topic].values
        self.facts.append(fact(len(self.facts) + 1, topic, next(iter(values), "3"), since=self.now))
        self.mark(topic, ANSWERED)

    def leave(self, days: int) -> None:
        """Come back after so many days."""
        self.now += days * DAY
        self.contact, self.spent = self.contact + 1, 0


EVENTS = ["answer", "decline", "not now", "ignore", "leave", "leave for a year", "volunteer"]
scripts = st.lists(st.sampled_from(EVENTS), max_size=40)


def played(script: list[str]) -> Visits:
    """The visits after these reactions to whatever was asked."""
    visits = Visits()
    for event in script:
        topic = visits.ask()
        if event == "leave":
            visits.leave(3)
        elif event == "leave for a year":
            visits.leave(400)
        elif event == "volunteer":
            _volunteer(visits)
        elif topic is not None and event != "ignore":
            _react(visits, topic, event)
    return visits


def _volunteer(visits: Visits) -> None:
    known = {one.topic for one in visits.facts}
    unknown = [name for name in visits.pack.topics if name not in known]
    if unknown:
        visits.answer(unknown[0])


def _react(visits: Visits, topic: str, event: str) -> None:
    if event == "answer":
        visits.answer(topic)
    else:
        visits.mark(topic, DECLINED if event == "decline" else NOT_NOW)


@settings(max_examples=40)
@given(scripts)
def test_no_contact_holds_more_questions_than_its_budget(script: list[str]) -> None:
    contacts = [contact for contact, _ in played(script).asked]
    assert all(contacts.count(contact) <= 2 for contact in contacts)


@settings(max_examples=40)
@given(scripts)
def test_no_contact_hears_the_same_question_twice(script: list[str]) -> None:
    asked = played(script).asked
    assert len(asked) == len(set(asked))


@settings(max_examples=40)
@given(scripts)
def test_a_refusal_is_honoured_whatever_happens_meanwhile(script: list[str]) -> None:
    visits = played(script)
    refused = visits.ask()
    if refused is None:
        return
    visits.mark(refused, DECLINED)
    for _ in range(9):
        visits.leave(80)
        assert visits.ask() != refused


@settings(max_examples=40)
@given(scripts)
def test_what_is_known_and_fresh_is_never_asked(script: list[str]) -> None:
    visits = played(script)
    fresh = {one.topic for one in visits.facts if visits.now - one.since < 300 * DAY}
    assert visits.ask() not in fresh


@settings(max_examples=40)
@given(st.lists(st.sampled_from([event for event in EVENTS if event != "not now"]), max_size=40))
def test_a_question_without_an_answer_is_put_twice_at_most(script: list[str]) -> None:
    visits = played(script)
    silent = {t for t, question in visits.ledger.items() if question.state is ASKED}
    assert all(
        sum(topic == other for _, other in visits.asked) <= 2 + _confirmed(visits, topic) for topic in silent
    )


def _confirmed(visits: Visits, topic: str) -> int:
    """How often the topic was answered: each answer may grow old and be confirmed."""
    return sum(one.topic == topic for one in visits.facts)
