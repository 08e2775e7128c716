"""The rules with the shop pack that ships: a customer of the coffee roaster."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from one_to_one.answers import AnswerKind, read_answer, read_words
from one_to_one.facts import Fact, Polarity
from one_to_one.history import Ordered, Rating
from one_to_one.ledger import Question, QuestionState, after
from one_to_one.pack import read_pack
from one_to_one.planner import next_question
from one_to_one.pricing import complete, margin
from one_to_one.proposals import propose
from settings import ROOT
from tests.unit.packs import NOW, fact, facts_of

PACK = read_pack(ROOT / "data" / "shops" / "coffee")
WORDS = read_words(ROOT / "data" / "nlu")
CASES = yaml.safe_load((Path(__file__).parent / "short_answers.yml").read_text(encoding="utf-8"))


def asked_in_turn(visits: int) -> list[tuple[str, Fact | None]]:
    """What a customer is asked, visit by visit, who answers with the middle value every time."""
    ledger: dict[str, Question] = {}
    facts: list[Fact] = []
    asked: list[tuple[str, Fact | None]] = []
    for visit in range(visits):
        now = NOW + visit * timedelta(days=3)
        planned = next_question(PACK, facts, ledger, 0, now, contact=visit)
        if planned is None:
            break
        topic = PACK.topics[planned.topic]
        codes = list(topic.values)
        answer = fact(
            visit + 1, topic.name, codes[len(codes) // 2] if codes else "3", topic.answer, since=now
        )
        asked.append((topic.name, answer))
        facts.append(answer)
        ledger[topic.name] = after(ledger.get(topic.name), topic.name, QuestionState.ANSWERED, now, visit)
    return asked


def test_the_first_questions_are_about_taste() -> None:
    first = [topic for topic, _ in asked_in_turn(3)]
    assert set(first) <= {"milk", "acidity", "roast", "strength", "process", "brew", "body"}


def test_every_question_is_about_something_else() -> None:
    topics = [topic for topic, _ in asked_in_turn(40)]
    assert len(topics) == len(set(topics)) >= 15


def test_the_name_is_asked_before_the_hobby_and_after_the_taste() -> None:
    topics = [topic for topic, _ in asked_in_turn(40)]
    assert topics.index("acidity") < topics.index("name") < topics.index("hobby")


def test_somebody_who_ordered_is_soon_asked_for_their_name() -> None:
    product = next(iter(PACK.products))
    known = facts_of(
        acidity="low", milk="dairy", roast="dark", strength="strong", body="full", bag_size="250"
    )
    known += [fact(20, "grind", "whole_bean"), fact(21, "process", "washed"), fact(22, "budget", "600")]
    ordered = Ordered(product, complete(PACK, PACK.products[product], {}), NOW - timedelta(days=3))
    planned = next_question(PACK, known, {}, 0, NOW, history=[ordered])
    assert planned is not None
    assert planned.topic == "name"


def test_no_acidity_means_no_bright_coffee() -> None:
    items = propose(PACK, [fact(1, "acidity", "high", Polarity.DISLIKES)], [], [], NOW)
    assert all("high" not in PACK.products[item.product].attributes["acidity"] for item in items)
    assert all(item.used == (1,) for item in items)


def test_nobody_gets_decaf_who_did_not_ask_for_it() -> None:
    for known in (
        [],
        facts_of(roast="dark"),
        facts_of(milk="oat", flavour="caramel"),
        facts_of(acidity="medium"),
    ):
        names = [item.product for item in propose(PACK, known, [], [], NOW)]
        assert all("full" in PACK.products[name].attributes["caffeine"] for name in names)


def test_who_wants_decaf_gets_it_first() -> None:
    first = propose(PACK, facts_of(caffeine="decaf"), [], [], NOW)[0]
    assert PACK.products[first.product].attributes["caffeine"] == ("decaf",)


def test_a_disliked_coffee_changes_the_next_proposal() -> None:
    known = facts_of(milk="dairy", roast="dark")
    before = propose(PACK, known, [], [], NOW)
    disliked = Ordered(before[0].product, {}, NOW - timedelta(days=9), Rating.DISLIKED, 1)
    then = propose(PACK, known, [disliked], [], NOW)
    assert before[0].product not in [item.product for item in then]
    assert then[0].product != before[0].product


def test_everything_proposed_earns_something_in_every_size() -> None:
    for code in PACK.modules["bag_size"].options:
        for item in propose(PACK, facts_of(bag_size=code), [], [], NOW):
            assert margin(PACK, PACK.products[item.product], item.options) > 0


@pytest.mark.parametrize(("topic", "words", "value"), CASES["coffee"])
def test_bare_answers_to_the_questions_of_the_shop_are_read(topic: str, words: str, value: str) -> None:
    answer = read_answer(words, PACK.topics[topic], WORDS)
    assert (answer.kind, [one.value for one in answer.heard]) == (AnswerKind.VALUES, [value])


@pytest.mark.parametrize("topic", sorted(PACK.topics))
def test_every_label_on_a_button_is_understood_when_it_is_typed(topic: str) -> None:
    for value in PACK.topics[topic].values.values():
        for label in value.label.values():
            heard = read_answer(label, PACK.topics[topic], WORDS).heard
            assert [one.value for one in heard] == [value.code]


@pytest.mark.parametrize("topic", sorted(PACK.topics))
def test_asking_for_the_opening_hours_answers_no_question_of_the_shop(topic: str) -> None:
    for words in ("what are your hours?", "你們幾點開門？", "你们的营业时间是什么时候"):
        assert read_answer(words, PACK.topics[topic], WORDS).kind is AnswerKind.NONE
