"""What to look for when somebody was erased: their ids, the names channels knew them by, and their words.

Needles are collected before anything is erased. A needle that is also the shop's own (a word of the
catalogue, a sentence of the training data) or that another customer said as well proves nothing and is set
aside; how many were is told. Nothing here is ever written down: a receipt holds salted digests, and the store
not even those.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import StaffRow
from crm_store.rows import CUSTOMERS, MERGES, TABLES, rows_of

SHORTEST = 6
"""Bytes of UTF-8 below which something is found in any file by chance."""

LONGEST = 4_000
"""Bytes of a needle that are looked for: a message's beginning tells it as well as all of it."""

WORD = re.compile(r"[A-Za-z][A-Za-z'\-]{7,}|[\w.+-]+@[\w-]+\.[\w.-]+|\d{7,}")
"""What tells of somebody by itself: a long word, an address, a telephone number."""

CLAUSE = re.compile(r"[\n\r\t,.;:!?，。；：！？、「」“”()（）]+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?|[\d.,:+-]{1,12}")
CLAUSE_BYTES = 12
"""Bytes from which a part of a sentence is somebody's own."""

ONES_OWN = {"customer": ("id",), "session": ("token_hash",), "link": ("token_hash",)}
"""Columns whose values are nobody else's, however often they are found."""


@dataclass(frozen=True, slots=True)
class Needle:
    """One thing to look for."""

    text: str
    kind: str  # "id", "token", "name" (by which a channel knew them), or "words"

    @property
    def sure(self) -> bool:
        """Whether it can be nobody else's."""
        return self.kind != "words"


@dataclass(frozen=True, slots=True)
class Haul:
    """The needles of one customer."""

    ids: tuple[str, ...]  # the customer's, and those of everybody merged into them
    needles: tuple[Needle, ...]
    too_short: int  # texts that can't be told from chance
    common: int = 0  # texts that are the shop's own words
    shared: int = 0  # texts that others said as well

    def without(self, found: Iterable[Needle], *, because: str) -> Haul:
        """Set aside those that prove nothing, because they are "common" or "shared"."""
        aside = {needle for needle in found if not needle.sure}
        kept = tuple(needle for needle in self.needles if needle not in aside)
        gone = len(self.needles) - len(kept)
        counted = {"common": self.common, "shared": self.shared}
        counted[because] += gone
        return Haul(self.ids, kept, self.too_short, **counted)

    def digests(self) -> tuple[str, list[str]]:
        """A salt made for this once, and under it the digest of each needle."""
        salt = secrets.token_hex(16)
        keyed = [hmac.digest(salt.encode(), needle.text.encode(), "sha256") for needle in self.needles]
        return salt, sorted(digest.hex() for digest in keyed)


def of_ids(ids: Sequence[str]) -> Haul:
    """What can be looked for when nothing else is known any more."""
    return Haul(tuple(ids), tuple(Needle(each, "id") for each in ids), 0)


async def collect(session: AsyncSession, ids: Sequence[str]) -> Haul:
    """Everything written about these customers that could be found again."""
    found: dict[str, str] = dict.fromkeys(ids, "id")
    for table in TABLES:
        own = ONES_OWN.get(table.name, ())
        for row in await rows_of(session, table, ids):
            for column, value in row.items():
                kind = "token" if column in own else _kind(table.name, column)
                for text in _texts(value):
                    for piece in (text,) if kind != "words" else pieces(text):
                        found.setdefault(piece, kind)
    for text in await _elsewhere(session, ids):
        found.setdefault(text, "words")
    for name in await session.scalars(select(StaffRow.name)):
        found.pop(name, None)
    long_enough = {text: kind for text, kind in found.items() if len(text.encode()) >= SHORTEST}
    needles = tuple(Needle(text, kind) for text, kind in long_enough.items())
    return Haul(tuple(ids), needles, len(found) - len(long_enough))


async def _elsewhere(session: AsyncSession, ids: Sequence[str]) -> list[str]:
    """What customers' own rows and merges hold in words."""
    rows = await session.execute(select(CUSTOMERS.c.focus).where(CUSTOMERS.c.id.in_(ids)))
    either = or_(MERGES.c.kept_id.in_(ids), MERGES.c.absorbed_id.in_(ids))
    evidence = await session.execute(select(MERGES.c.evidence).where(either))
    cells = [cell for [cell] in (*rows, *evidence)]
    return [piece for cell in cells for text in _texts(cell) for piece in pieces(text)]


def _kind(table: str, column: str) -> str:
    return "name" if (table, column) == ("identity", "external_id") else "words"


def _texts(value: object) -> Iterator[str]:
    """Every text in a cell, those inside JSON too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in cast("dict[str, Any]", value).values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def pieces(text: str) -> Iterator[str]:
    """A text, its clauses, and the words in it that tell by themselves; no times and no numbers."""
    whole = text.strip()
    if not whole or MOMENT.fullmatch(whole):
        return
    yield whole
    for clause in CLAUSE.split(whole):
        if len(clause.strip().encode()) >= CLAUSE_BYTES:
            yield clause.strip()
    yield from WORD.findall(whole)


type Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
type Numbers = np.ndarray[tuple[int], np.dtype[np.uint64]]

STEP = 1 << 20
"""Bytes looked at together: few enough to stay in the processor's cache."""

TABLE_BITS = 20


class Finder:
    """Finds many needles at once, in every spelling a file may have of them.

    The first six bytes of every needle are looked up at every place of the data; where they fit, the rest is
    compared. That takes some ten nanoseconds per byte, however many needles there are.
    """

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._by_start: dict[bytes, list[tuple[bytes, Needle]]] = {}
        for needle in needles:
            for form in forms(needle.text):
                self._by_start.setdefault(form[:SHORTEST], []).append((form, needle))
        starts = np.array([int.from_bytes(start, "little") for start in self._by_start], dtype=np.uint64)
        self._starts = np.sort(starts)
        self._table = np.zeros(1 << TABLE_BITS, dtype=bool)
        self._table[_hashed(starts & np.uint64(0xFFFFFFFF))] = True
        self.longest = max((len(f) for each in self._by_start.values() for f, _ in each), default=0)

    def find(self, data: bytes) -> Iterator[tuple[int, int, Needle]]:
        """Each place of a needle, where it ends, and which it is; in the order of the places."""
        if not self._by_start:
            return
        seen = np.frombuffer(data, dtype=np.uint8)
        for start in range(0, max(0, len(seen) - SHORTEST + 1), STEP):
            for place in self._candidates(seen[start : start + STEP + SHORTEST - 1]):
                yield from self._compared(data, start + place)

    def any(self, data: bytes) -> bool:
        """Whether any needle is in the data."""
        return next(self.find(data), None) is not None

    def _candidates(self, seen: Bytes) -> list[int]:
        count = len(seen) - SHORTEST + 1
        fours = np.zeros(count, dtype=np.uint64)
        for place in range(4):
            fours |= seen[place : place + count].astype(np.uint64) << np.uint64(8 * place)
        likely = np.flatnonzero(self._table[_hashed(fours)])
        sixes = fours[likely]
        for place in (4, 5):
            sixes |= seen[likely + place].astype(np.uint64) << np.uint64(8 * place)
        at = np.minimum(np.searchsorted(self._starts, sixes), len(self._starts) - 1)
        return cast("list[int]", likely[self._starts[at] == sixes].tolist())

    def _compared(self, data: bytes, place: int) -> Iterator[tuple[int, int, Needle]]:
        for form, needle in self._by_start.get(bytes(data[place : place + SHORTEST]), ()):
            if data.startswith(form, place):
                yield place, place + len(form), needle


def forms(text: str) -> set[bytes]:
    """How a text is spelt in files: plain, inside JSON, and as arrays and other systems keep it."""
    plain = text.encode()[:LONGEST].decode(errors="ignore")
    spelt = {
        plain.encode(),
        json.dumps(plain, ensure_ascii=False)[1:-1].encode(),
        json.dumps(plain)[1:-1].encode(),
        plain.encode("utf-16-le"),
        plain.encode("utf-32-le"),
        plain.encode("unicode_escape"),
    }
    return {form for form in spelt if len(form) >= SHORTEST}


def _hashed(fours: Numbers) -> Numbers:
    """Four bytes as a place in the table."""
    mixed: Numbers = (fours * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    return mixed >> np.uint64(32 - TABLE_BITS)
