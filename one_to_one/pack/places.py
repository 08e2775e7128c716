"""Places in the YAML of a pack: read a value, or say what is wrong with it and go on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation

import yaml

from one_to_one.pack.problems import Problem, nearest

_TAG = "tag:yaml.org,2002:"
_SAID = {
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "yes or no",
    "null": "nothing",
    "timestamp": "a date",
    "map": "a mapping",
    "seq": "a list",
}
_CODE = re.compile(r"[a-z0-9][a-z0-9_]*")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_SPAN = re.compile(r"(\d{1,4}) (day|week|month|year)s?")
_TERM = re.compile(r"(\d{1,4}) (minute|hour|day|week)s?")
_TERMS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?")
_LEAST = Decimal(-(10**12))


@dataclass(slots=True)
class Report:
    """The problems found so far."""

    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)  # files that couldn't be read at all

    def add(self, file: str, line: int, text: str) -> None:
        """Note a problem; the same one is noted once."""
        problem = Problem(file, line, text.rstrip())
        if problem not in self.problems:
            self.problems.append(problem)

    def first(self) -> list[Problem]:
        """What to mend first: files that can't be read, for what is said of the others may come from that."""
        unread = [problem for problem in self.problems if problem.file in self.unread]
        return unread or self.problems


@dataclass(frozen=True, slots=True)
class Place:
    """One value in a file. Without a node it is missing, which was reported where it is missed."""

    report: Report
    file: str
    node: yaml.Node | None
    called: str  # what the file calls it, such as `price of sunrise`
    near: int = 1  # the line of its key

    @property
    def line(self) -> int:
        """Counted from 1; of a mapping or a list the line of its key."""
        return int(self.node.start_mark.line) + 1 if isinstance(self.node, yaml.ScalarNode) else self.near

    @property
    def missing(self) -> bool:
        """Whether nothing is there."""
        return self.node is None

    @property
    def is_mapping(self) -> bool:
        """Whether keys and values are there, good or bad."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def sound(self) -> bool:
        """Whether nothing is known to be wrong in its line."""
        problems = self.report.problems
        return not any((one.file, one.line) == (self.file, self.line) for one in problems)

    @property
    def empty(self) -> bool:
        """Whether a key stands there with nothing behind it."""
        return self._kind() == "null" and isinstance(self.node, yaml.ScalarNode) and not self.node.value

    def wrong(self, text: str) -> None:
        """Note a problem at this place."""
        self.report.add(self.file, self.line, text)

    def part(self, name: str, node: yaml.Node | None) -> Place:
        """A place inside this one."""
        return Place(self.report, self.file, node, f"`{name}` of {self.called}", self.line)

    def entries(self) -> list[tuple[str, Place]]:
        """The keys of a mapping and what they hold, in the order of the file; a repeated key only once."""
        if self.node is None:
            return []
        if not isinstance(self.node, yaml.MappingNode):
            self._expected("a mapping (`key: value` lines)")
            return []
        return list(self._pairs(self.node))

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, Place]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = int(key.start_mark.line) + 1
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if not name:
                self.report.add(self.file, line, f"A key in {self.called} is not a name.")
            elif name in seen:
                text = f"`{name}` stands twice in {self.called}, first in line {seen[name]}; keep one."
                self.report.add(self.file, line, text)
            else:
                seen[name] = line
                yield name, Place(self.report, self.file, value, self._inner(name), line)

    def _inner(self, name: str) -> str:
        """What to call a place inside this one: by its own name and that of the place around it."""
        return f"`{name}` of {self.called.split(' of ')[0]}"

    def fields(self, needed: Collection[str], allowed: Collection[str] = ()) -> dict[str, Place]:
        """A mapping whose keys are fixed: every name in `needed` and `allowed` is there, perhaps missing."""
        names = [*needed, *allowed]
        found = {name: Place(self.report, self.file, None, name, self.line) for name in names}
        for name, place in self.entries():
            if name in found:
                found[name] = place
            else:
                self.report.add(
                    self.file,
                    place.near,
                    f"`{name}` is not a key of {self.called}. {nearest(name, names)}",
                )
        if self.is_mapping:
            for name in needed:
                if found[name].missing:
                    self.wrong(f"`{name}` is missing in {self.called}.")
        return found

    def items(self) -> list[Place]:
        """The items of a list; a single text counts as a list of one."""
        if isinstance(self.node, yaml.ScalarNode) and self._kind() != "null":
            return [self]
        if self.node is None:
            return []
        if not isinstance(self.node, yaml.SequenceNode):
            self._expected("a list")
            return []
        return [
            Place(self.report, self.file, item, self.called, int(item.start_mark.line) + 1)
            for item in self.node.value
        ]

    def words(self) -> str:
        """A text that says something."""
        raw = self._scalar("a text", "str")
        if raw is not None and not raw.strip():
            self.wrong(f"{_start(self.called)} is empty.")
        return (raw or "").strip()

    def code(self) -> str:
        """A short name in lower-case ASCII; a number counts as one."""
        raw = self._scalar("a code", "str", "int")
        if raw is not None and not _CODE.fullmatch(raw):
            self.wrong(f"`{raw}` in {self.called} is not a code: use a-z, 0-9 and _ only.")
        return raw or ""

    def one_of(self, known: Collection[str], what: str) -> str:
        """One of some known codes, or "" when it is none of them."""
        raw = self._scalar(what, "str", "int")
        if raw is not None and raw not in known:
            self.wrong(f"`{raw}` is not {what}. {_commas(raw) or nearest(raw, known)}")
            return ""
        return raw or ""

    def number(self) -> Decimal:
        """A decimal number of any sign."""
        return self.amount(least=_LEAST)

    def scalar(self, what: str) -> str:
        """A name or a number, as it is written."""
        return self._scalar(what, "str", "int", "float") or ""

    def flag(self) -> bool:
        """Yes or no; missing means no."""
        return (self._scalar("true or false", "bool") or "").lower() in ("true", "yes", "on")

    def amount(self, least: Decimal = Decimal(0), default: str = "0") -> Decimal:
        """A decimal number, `least` or more."""
        raw = self._scalar("a number", "int", "float")
        if raw is None:
            return Decimal(default)
        number = _decimal(raw)
        if number is None:
            self.wrong(f"`{raw}` in {self.called} is not a number such as 380 or 1.9.")
            return Decimal(default)
        if number < least:
            self.wrong(f"{_start(self.called)} is {raw}; it can't be less than {least}.")
        return number

    def whole(self, least: int = 0, most: int = 1_000_000) -> int:
        """A whole number between `least` and `most`."""
        number = self.amount(Decimal(least), str(least))
        if number != int(number):
            self.wrong(f"{_start(self.called)} is {number}; it has to be a whole number.")
        if number > most:
            self.wrong(f"{_start(self.called)} is {number}; it can't be more than {most}.")
        return int(number)

    def share(self) -> float:
        """A number from 0 to 1."""
        number = self.amount()
        if number > 1:
            self.wrong(f"{_start(self.called)} is {number}; it has to lie between 0 and 1.")
        return float(number)

    def clock(self) -> time:
        """A time of day."""
        raw = self._scalar('a time such as "21:30"', "str", "int")
        found = _CLOCK.fullmatch(raw or "")
        if raw is not None and not found:
            self.wrong(f'`{raw}` in {self.called} is not a time of day such as "21:30".')
        return time(int(found[1]), int(found[2])) if found else time()

    def day(self) -> date:
        """A day such as 2026-12-31."""
        raw = self._scalar("a day such as 2026-12-31", "str", "timestamp")
        try:
            return date.fromisoformat(raw or "1970-01-01")
        except ValueError:
            self.wrong(f"`{raw}` in {self.called} is not a day such as 2026-12-31.")
            return date(1970, 1, 1)

    def span(self) -> timedelta:
        """A length of time such as "6 months"."""
        raw = self._scalar('a length of time such as "6 months"', "str")
        found = _SPAN.fullmatch(raw or "")
        days = int(found[1]) * _DAYS[found[2]] if found else 0
        if raw is not None and not days:
            self.wrong(f'`{raw}` in {self.called} is not a length of time such as "90 days" or "2 years".')
        return timedelta(days=days or 365)

    def term(self, least: str = "", most: str = "") -> timedelta:
        """A short length of time such as "2 hours" or "1 day"; `least` and `most` bound it, if given."""
        raw = self._scalar('a length of time such as "24 hours"', "str")
        found = _TERM.fullmatch(raw or "")
        if raw is not None and not found:
            self.wrong(f'`{raw}` in {self.called} is not a length of time such as "2 hours" or "1 day".')
        term = _length(found) if found else timedelta(0)
        for bound, word, beyond in ((least, "shorter", term.__lt__), (most, "longer", term.__gt__)):
            limit = _TERM.fullmatch(bound)
            if found and limit and beyond(_length(limit)):
                self.wrong(f"`{raw}` in {self.called} is {word} than {bound}.")
        return term

    def span_or(self, word: str) -> timedelta | None:
        """A length of time, or None where `word` stands for one without end."""
        if isinstance(self.node, yaml.ScalarNode) and str(self.node.value) == word:
            return None
        return self.span()

    def _scalar(self, wanted: str, *kinds: str) -> str | None:
        """The text of a plain value of one of these kinds of YAML; None, and reported, otherwise."""
        if self.node is None:
            return None
        if not isinstance(self.node, yaml.ScalarNode) or self._kind() not in kinds:
            self._expected(wanted)
            return None
        return str(self.node.value)

    def _kind(self) -> str:
        return "" if self.node is None else str(self.node.tag).removeprefix(_TAG)

    def _expected(self, wanted: str) -> None:
        found = _SAID.get(self._kind(), f"something of type {self._kind()}")
        quotes = ""
        if wanted in ("a text", "a code") and isinstance(self.node, yaml.ScalarNode) and self.node.value:
            quotes = f': put "{self.node.value}" in quotes if it is meant as one'
        self.wrong(f"{_start(self.called)} should be {wanted}, not {found}{quotes}.")


def _decimal(raw: str) -> Decimal | None:
    if not _NUMBER.fullmatch(raw):
        return None
    try:
        return Decimal(raw)
    except InvalidOperation:
        return None


def _commas(raw: str) -> str:
    """What to write where a list was written with the commas of Chinese."""
    return "Write `, ` between the items, a plain comma." if any(comma in raw for comma in _WIDE) else ""


_WIDE = "\uff0c\u3001"
"""The commas of Chinese."""


def _start(called: str) -> str:
    return called[:1].upper() + called[1:]


def _length(term: re.Match[str]) -> timedelta:
    """How long what `_TERM` has found is."""
    return int(term[1]) * _TERMS[term[2]]
