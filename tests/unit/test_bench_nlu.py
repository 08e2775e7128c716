"""The parts of `bench nlu` that need no bot: reading the data sets, and the scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.benching import BenchOptions, NoData
from tests.bench.nlu import _taught
from tests.bench.nlu_bot import Read
from tests.bench.nlu_scores import foreign_recall, intent_accuracy, span_f1, taken_accuracy, token_f1
from tests.bench.nlu_sets import Labelled, Span, find_sets, marked, read_markdown

MARKDOWN = """\
## intent:ask:time
- wake me at [nine am](time) on [friday](date)
- 明天[九点](time)叫我

## regex:clock
- [0-9]+
##intent: greet
* hello
"""
ALARM = Labelled("wake me at nine am", "alarm", (Span(11, 18, "time"),))


def read(best: str, confidence: float = 0.9, *spans: Span) -> Read:
    entities: list[dict[str, Any]] = [{"start": s.start, "end": s.end, "entity": s.type} for s in spans]
    return Read(best if confidence > 0.5 else "nlu_fallback", best, confidence, entities, 1.0, 1.0)


def write(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("train.md", "test.md"):
        (folder / name).write_text(MARKDOWN, encoding="utf-8")


def test_sentences_are_read_with_their_intents_and_entities(tmp_path: Path) -> None:
    write(tmp_path / "fold")
    sentences = read_markdown(tmp_path / "fold" / "train.md")
    assert [each.intent for each in sentences] == ["ask:time", "ask:time", "greet"]
    assert sentences[0].text == "wake me at nine am on friday"
    assert sentences[0].entities == (Span(11, 18, "time"), Span(22, 28, "date"))
    assert sentences[1].text == "明天九点叫我"


def test_a_sentence_is_marked_again_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "fold")
    first = read_markdown(tmp_path / "fold" / "train.md")[0]
    assert marked(first) == "wake me at [nine am](time) on [friday](date)"


def test_every_fold_is_found_whatever_its_name(tmp_path: Path) -> None:
    for name in ("fold_7", "deep/er/other"):
        write(tmp_path / name)
    assert [each.name for each in find_sets(tmp_path)] == ["other", "fold_7"]


def test_a_missing_set_is_handed_back_as_a_problem(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("missing", "empty"):
        taught, problem = _taught(BenchOptions(tmp_path, print), name, tmp_path)
        assert taught == []
        assert isinstance(problem, NoData)
        assert name in str(problem)


def test_accuracy_counts_what_the_fallback_turned_away_only_where_it_says_so() -> None:
    sentences = [ALARM, ALARM, ALARM, ALARM]
    answers = [read("alarm"), read("alarm", 0.2), read("greet"), read("alarm")]
    assert intent_accuracy(sentences, answers) == 0.75
    assert taken_accuracy(sentences, answers) == 0.5


def test_half_an_entity_counts_by_words_and_not_as_a_whole() -> None:
    answers = [read("alarm", 0.9, Span(11, 15, "time"))]
    assert span_f1([ALARM], answers) == 0
    assert token_f1([ALARM], answers) == pytest.approx(2 / 3)


def test_an_entity_of_another_type_is_wrong() -> None:
    answers = [read("alarm", 0.9, Span(11, 18, "date"))]
    assert span_f1([ALARM], answers) == token_f1([ALARM], answers) == 0


def test_the_threshold_takes_on_95_of_100_of_its_own() -> None:
    own = [read("alarm", place / 100) for place in range(100)]  # the threshold is 0.05
    foreign = [read("greet", confidence) for confidence in (0.01, 0.04, 0.05, 0.06)]
    assert foreign_recall(own, foreign) == 0.5
