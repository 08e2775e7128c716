"""Counting customers: how many say each pair of things. All that is kept of anybody is having been counted.

Only numbers about five people or more are kept (k-anonymity; Sweeney, *Int. J. Uncertainty, Fuzziness and
Knowledge-Based Systems* 10, 2002): a value, an answer or a product that fewer share isn't in the counts at
all, and a pair that fewer share counts 0.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from scipy import sparse

from one_to_one.catalogue import Floats
from one_to_one.crowd import Answer
from one_to_one.errors import CrowdUnreadable

FEWEST = 5
"""Fewer people than this are never told apart from nobody."""

MOST_ANSWERS = 200
"""Of a topic in which several values can be named, so many whole answers are kept, the commonest."""

CHOICE = ""
"""The name under which what was chosen is counted, beside the topics of what was said."""

NOTHING = ""
"""The value that stands for: asked, and none of the values applies."""

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Person:
    """One customer to learn from."""

    answers: Mapping[str, Collection[str]]  # topic -> values liked; empty: none applies; absent: not known
    chosen: Mapping[str, float]  # product -> how much of what they chose; sums to 1, or empty


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people say each value, and each pair of values. Choices are counted like a topic."""

    people: int
    columns: tuple[tuple[str, str], ...]  # (topic, value); those of a topic stand together, choices last
    known: Floats  # topic × topic: how many people are known in both
    said: Floats  # column × topic: how many have the value, and are known in the topic
    pairs: Floats  # column × column: how many have both; 0 when fewer than FEWEST do
    answers: Mapping[str, Mapping[Answer, int]]  # topic -> whole answers -> how many gave them
    counted_at: datetime  # aware, UTC

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics in the order of the columns."""
        return tuple(dict.fromkeys(topic for topic, _ in self.columns))


def count(people: Iterable[Person], at: datetime) -> Counts:
    """Count them all once."""
    counted = list(people)
    columns = _columns(counted)
    topics = tuple(dict.fromkeys(topic for topic, _ in columns))
    has, knows = _tables(counted, columns, topics)
    pairs = np.asarray((has.T @ has).todense())
    said = np.asarray((has.T @ knows).todense())
    known = np.asarray((knows.T @ knows).todense())
    for counts in (pairs, said, known):
        counts[counts < FEWEST] = 0.0
    return Counts(len(counted), columns, known, said, pairs, _whole_answers(counted, columns), at)


def _columns(people: Sequence[Person]) -> tuple[tuple[str, str], ...]:
    """What enough people say: (topic, value), in order, the choices last."""
    said = Counter(
        (topic, value)
        for person in people
        for topic, values in person.answers.items()
        for value in (set(values) or {NOTHING})
    )
    chosen = Counter((CHOICE, product) for person in people for product in person.chosen)
    return (
        *sorted(pair for pair, times in said.items() if times >= FEWEST),
        *sorted(pair for pair, times in chosen.items() if times >= FEWEST),
    )


def _tables(
    people: Sequence[Person], columns: Sequence[tuple[str, str]], topics: Sequence[str]
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """People × columns: what they say. People × topics: in what they are known."""
    place = {pair: number for number, pair in enumerate(columns)}
    of = {topic: number for number, topic in enumerate(topics)}
    has = _Marks(len(people), len(columns))
    knows = _Marks(len(people), len(topics))
    for row, person in enumerate(people):
        for topic, values in person.answers.items():
            said = [place[topic, value] for value in (set(values) or {NOTHING}) if (topic, value) in place]
            for column in said:
                has.mark(row, column, 1.0)
            if said:
                knows.mark(row, of[topic], 1.0)
        chosen = {place[CHOICE, p]: share for p, share in person.chosen.items() if (CHOICE, p) in place}
        for column, share in chosen.items():
            has.mark(row, column, share / sum(chosen.values()))
        if chosen:
            knows.mark(row, of[CHOICE], 1.0)
    return has.table(), knows.table()


class _Marks:
    """A sparse table in the making."""

    def __init__(self, rows: int, columns: int) -> None:
        self._shape = (rows, columns)
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []

    def mark(self, row: int, column: int, value: float) -> None:
        self._rows.append(row)
        self._columns.append(column)
        self._values.append(value)

    def table(self) -> sparse.csr_array:
        return sparse.csr_array((self._values, (self._rows, self._columns)), shape=self._shape)


def _whole_answers(
    people: Sequence[Person], columns: Sequence[tuple[str, str]]
) -> dict[str, dict[Answer, int]]:
    """The answers given by enough people, as a whole, the commonest first."""
    kept = frozenset(columns)
    given: dict[str, Counter[Answer]] = {}
    for person in people:
        for topic, values in person.answers.items():
            answer = tuple(sorted(v for v in set(values) or {NOTHING} if (topic, v) in kept))
            if answer:
                given.setdefault(topic, Counter())[answer] += 1
    return {
        topic: {answer: times for answer, times in counter.most_common(MOST_ANSWERS) if times >= FEWEST}
        for topic, counter in sorted(given.items())
    }


def save(counts: Counts, file: Path) -> None:
    """Write them in one go: who reads meanwhile finds the ones before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "format": FORMAT,
        "people": counts.people,
        "columns": counts.columns,
        "answers": {topic: list(answers.items()) for topic, answers in counts.answers.items()},
        "counted_at": counts.counted_at.isoformat(),
    }
    buffer = io.BytesIO()
    text = np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), dtype=np.uint8)
    np.savez_compressed(buffer, told=text, known=counts.known, said=counts.said, pairs=counts.pairs)
    draft = file.with_suffix(".draft")
    draft.write_bytes(buffer.getvalue())
    draft.replace(file)


def load(file: Path) -> Counts:
    """Read them back. Raises CrowdUnreadable."""
    try:
        with np.load(file, allow_pickle=False) as arrays:
            told = json.loads(arrays["told"].tobytes())
            if told["format"] != FORMAT:
                raise CrowdUnreadable(file=file, cause=f"format {told['format']}")
            return Counts(
                people=told["people"],
                columns=tuple((topic, value) for topic, value in told["columns"]),
                known=arrays["known"],
                said=arrays["said"],
                pairs=arrays["pairs"],
                answers={
                    topic: {tuple(answer): times for answer, times in answers}
                    for topic, answers in told["answers"].items()
                },
                counted_at=datetime.fromisoformat(told["counted_at"]),
            )
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise CrowdUnreadable(file=file, cause=type(error).__name__) from error
