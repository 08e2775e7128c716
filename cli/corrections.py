"""What colleagues have corrected, as lines of training data and as conversations kept as tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cli.examples import HAND_WRITTEN
from crm_store.books import Books
from crm_store.models import FactRow, MessageRow, MessageTagRow
from crm_store.reviews import JOURNEY, Reviewed
from one_to_one.shop import ShopPack, TopicKind
from one_to_one.teaching.examples import Correction, Line, lines_of, trade_words, unmarked
from one_to_one.teaching.inserting import with_line
from one_to_one.teaching.journeys import Turn, journey_of
from one_to_one.written import read_yaml
from settings import ROOT

SHARED = ROOT / "data" / "nlu"
_WORD = re.compile(r"[A-Za-z']+")


class Corrections:
    """Everything reviewed to the end, with what is needed to take personal data out."""

    def __init__(
        self, pack: ShopPack, reviewed: Sequence[Reviewed], names: Mapping[str, Sequence[str]]
    ) -> None:
        self.pack = pack
        self.reviewed = [each for each in reviewed if each.message.payload is None and each.message.text]
        self._all = {each.message.id: each for each in reviewed}
        self._names = names
        self.vocabulary = vocabulary_of(pack)

    @classmethod
    async def read(cls, books: Books, pack: ShopPack) -> Corrections:
        """Read them from the store."""
        reviewed = [each async for each in books.reviews.reviewed()]
        return cls(pack, reviewed, await _names(books, pack))

    def lines(self) -> list[Line]:
        """What the corrections add to the training data; of one sentence the last word counts."""
        found: dict[tuple[str, str, str], Line] = {}
        for each in self.reviewed:
            message = each.message
            read = (message.text, message.intent, message.entities)
            correction = Correction(*read, each.verdict, self.names(message.customer_id))
            for line in lines_of(correction, self.vocabulary):
                table = line.name if line.kind == "lookup" else ""
                found[line.kind, table, unmarked(line.text)] = line
        return sorted(line for line in found.values() if line.text)

    def names(self, customer: str) -> Sequence[str]:
        """The names by which the shop knows a customer."""
        return self._names.get(customer, ())

    async def journeys(self, books: Books) -> dict[str, dict[str, Any]]:
        """The conversations that are kept as tests, by the name of their file."""
        tagged = select(MessageTagRow.message_id).where(MessageTagRow.tag == JOURNEY)
        kept = select(MessageRow.contact_id).where(
            MessageRow.id.in_(tagged), MessageRow.contact_id.is_not(None)
        )
        found: dict[str, dict[str, Any]] = {}
        contacts = {contact for contact in await books.session.scalars(kept) if contact is not None}
        for contact in sorted(contacts):
            said = select(MessageRow).where(MessageRow.contact_id == contact, MessageRow.direction == "in")
            rows = list(await books.session.scalars(said.order_by(MessageRow.id)))
            rows = [row for row in rows if row.text]
            if rows:
                turns = [Turn(row.text, row.payload is not None, self._verdict(row)) for row in rows]
                shop = self.pack.folder.name
                told = (turns, self.names(rows[0].customer_id), self.vocabulary)
                found[f"{shop}-{rows[0].id}.yml"] = journey_of(shop, rows[0].language, *told)
        return found

    def _verdict(self, row: MessageRow) -> Any:
        reviewed = self._all.get(row.id)
        return None if reviewed is None or reviewed.verdict.contested else reviewed.verdict


async def _names(books: Books, pack: ShopPack) -> dict[str, list[str]]:
    """What customers are, or were, called."""
    topics = [name for name, topic in pack.topics.items() if topic.kind is TopicKind.NAME]
    rows = select(FactRow.customer_id, FactRow.value).where(FactRow.topic.in_(topics)).distinct()
    names: dict[str, list[str]] = {}
    for customer, value in await books.session.execute(rows):
        names.setdefault(customer, []).append(value)
    return names


def vocabulary_of(pack: ShopPack) -> frozenset[str]:
    """English words that are no names: those of the training data and of the shop."""
    files = [*(SHARED / "en").glob("*.yml"), pack.folder / "nlu" / "en.yml"]
    texts = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
    months = "January February March April May June July August September October November December"
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Christmas Easter"
    return frozenset(
        word.lower() for text in (*texts, *trade_words(pack), months, days) for word in _WORD.findall(text)
    )


def write_taught(lines: Iterable[Line], folder: Path) -> None:
    """Write the lines as training data of their own, a file per language."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = list(lines)
    for language in HAND_WRITTEN:
        content = ""
        for line in lines:
            if line.folder == language:
                content = with_line(content, line.kind, line.name, line.text)
        path = folder / f"{language}.yml"
        if content:
            path.write_text(content, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


def blocks(path: Path) -> dict[str, int]:
    """How many sentences each intent has in a file."""
    if not path.is_file():
        return {}
    content = read_yaml(path) or {}
    return {
        each["intent"]: len(each["examples"].splitlines())
        for each in content.get("nlu", ())
        if "intent" in each
    }
