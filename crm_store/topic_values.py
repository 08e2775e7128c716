"""What a cell of a list says about a topic of the shop, in the shop's own codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm_store.cells import number
from crm_store.refusals import Refused
from one_to_one.facts import Polarity
from one_to_one.folding import fold
from one_to_one.shop import Topic, TopicKind

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Meaning:
    """A value of a topic, how the customer stands to it, and the words it was read from."""

    value: str
    polarity: Polarity
    words: str


class Meanings:
    """The values of all topics of a shop, by every word for them."""

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        self._topics = topics
        self._codes = {name: _codes(topic) for name, topic in topics.items()}

    def of(self, topic: str, cell: str) -> Meaning:
        """What a cell says. `dislikes:` or `never:` before the value turns it round. Raises Refused."""
        about = self._topics[topic]
        if about.sensitive:
            raise Refused("sensitive: needs the customer's own consent")
        polarity, value = _polarity(about, cell)
        return Meaning(self._value(about, value), polarity, cell)

    def _value(self, topic: Topic, value: str) -> str:
        if topic.kind in (TopicKind.NUMBER, TopicKind.MONEY):
            return str(number(value))
        if topic.kind in (TopicKind.CHOICE, TopicKind.CHOICES):
            return self._code(topic, value)
        if len(value) > LONGEST:
            raise Refused(f"text of more than {LONGEST} characters")
        return value

    def _code(self, topic: Topic, value: str) -> str:
        try:
            return self._codes[topic.name][fold(value)]
        except KeyError:
            raise Refused(f"unknown value of {topic.name}") from None


def _polarity(topic: Topic, cell: str) -> tuple[Polarity, str]:
    for polarity in Polarity:
        if cell.startswith(f"{polarity.value}:"):
            return polarity, cell.removeprefix(f"{polarity.value}:").strip()
    return topic.answer, cell


def _codes(topic: Topic) -> dict[str, str]:
    """Every way to write a value that means only this one."""
    codes: dict[str, str] = {}
    for value in topic.values.values():
        words = [word for many in (value.words, value.short) for said in many.values() for word in said]
        for word in (*words, *value.label.values(), value.code):
            codes[fold(word)] = value.code
    return codes
