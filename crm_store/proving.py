"""Erasing somebody everywhere, and proving it by a search through all there is afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from crm_store.connecting import is_sqlite
from crm_store.erasing import Receipt, erase, receipt_number
from crm_store.needles import Finder, Haul, Needle, collect, of_ids
from crm_store.rows import family
from crm_store.scrubbing import scrub_files
from crm_store.searching import (
    Left,
    Search,
    database_files,
    files_below,
    search_file,
    search_tables,
)
from crm_store.store import Store
from one_to_one.errors import UnknownCustomer

SECRETS = "keys"
"""The folder below the home folder that holds random keys and is no business of a search."""

TELLING_BYTES = 16
"""Bytes from which words are somebody's own without asking whether others said them too."""

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where a shop keeps everything, and what words are its own."""

    home: Path
    more: Sequence[Path]  # other folders with files made by the shop, such as models
    own: Iterable[bytes]  # texts of the shop itself: the pack, the training data, the code

    def files(self, url: str) -> list[Path]:
        """Every file to look at but the database's."""
        database = {path.resolve() for path in database_files(url, make_url(url).database)}
        keys = self.home / SECRETS
        found = files_below([self.home, *self.more])
        return [path for path in found if path.resolve() not in database and not path.is_relative_to(keys)]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was searched after an erasure, and what was found."""

    search: Search
    haul: Haul

    @property
    def left(self) -> Sequence[Left]:
        """The traces that were found; none: nothing is left."""
        return self.search.left

    def as_json(self) -> dict[str, Any]:
        """What was searched for as salted digests: the salt is new each time and kept nowhere else."""
        salt, digests = self.haul.digests()
        return {
            "nothing_left": not self.left,
            "searched": {
                "tables": self.search.tables,
                "rows": self.search.rows,
                "files": self.search.files,
                "bytes": self.search.bytes,
            },
            "needles": {
                "searched": len(self.haul.needles),
                "too_short": self.haul.too_short,
                "words_of_the_shop": self.haul.common,
                "said_by_others_too": self.haul.shared,
                "salt": salt,
                "hmac_sha256": digests,
            },
            "left": [{"place": each.place, "kind": each.kind} for each in self.left],
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """An erasure: its receipt, the files it touched and, when it was asked for, its proof."""

    number: str
    at: datetime  # aware, UTC
    receipt: Receipt | None  # None: it was erased earlier, and only looked for now
    files: Mapping[str, int]  # name -> lines that went; 0: the whole file
    proof: Proof | None = None

    def as_json(self) -> dict[str, Any]:
        """The certificate for programs."""
        return {
            "receipt": self.number,
            "at": self.at.isoformat(),
            "customer": None if self.receipt is None else self.receipt.customer,
            "by": None if self.receipt is None else self.receipt.who,
            "rows": {} if self.receipt is None else dict(self.receipt.counts),
            "files": {name: lines or "removed" for name, lines in self.files.items()},
            "proof": None if self.proof is None else self.proof.as_json(),
        }


async def erase_everywhere(
    store: Store, customer: str, at: datetime, grounds: Grounds, *, who: str, verify: bool, say: Say
) -> Certificate:
    """Erase a customer from the tables and the files, and search for them when `verify` is wished.

    Raises UnknownCustomer.
    """
    async with store.transaction() as books:
        ids = await family(books.session, (await books.customers.get(customer)).id)
        haul = await collect(books.session, ids)
        receipt = await erase(books, customer, at, who)
    await store.scrub()
    haul = haul.without(_said_by_the_shop(haul, grounds.own), because="common")
    search = Search()
    if verify:
        say("Searching every table …")
        search_tables(store.url, haul.needles, search)
        haul = haul.without(search.others, because="shared")
    files = grounds.files(store.url)
    gone = scrub_files(files, grounds.home, haul if verify else _telling(haul))
    if not verify:
        return Certificate(receipt.number, at, receipt, gone)
    _search_files(store.url, grounds, haul, search, say)
    return Certificate(receipt.number, at, receipt, gone, Proof(search, haul))


async def verify_erased(store: Store, customer: str, grounds: Grounds, say: Say) -> Certificate:
    """Search for somebody who was erased before. Of them only the id is known. Raises UnknownCustomer."""
    number = receipt_number(customer)
    async with store.reading() as books:
        lines = [line for line in await books.audit.listed(number) if line.what == "erase"]
    if not lines:
        raise UnknownCustomer(customer=customer)
    haul, search = of_ids([customer]), Search()
    say("Searching every table …")
    search_tables(store.url, haul.needles, search)
    _search_files(store.url, grounds, haul, search, say)
    told = lines[-1].detail.get("receipt", number)
    return Certificate(told, lines[-1].at, None, {}, Proof(search, haul))


def _said_by_the_shop(haul: Haul, own: Iterable[bytes]) -> set[Needle]:
    finder = Finder(haul.needles)
    return {needle for text in own for _, _, needle in finder.find(text)}


def _telling(haul: Haul) -> Haul:
    """Without having searched for who else said them: only what is long enough to be somebody's own."""
    told = [each for each in haul.needles if each.sure or len(each.text.encode()) >= TELLING_BYTES]
    return Haul(haul.ids, tuple(told), haul.too_short)


def _search_files(url: str, grounds: Grounds, haul: Haul, search: Search, say: Say) -> None:
    """Every file, the bytes of the database's own included."""
    finder = Finder(haul.needles)
    database = database_files(url, make_url(url).database) if is_sqlite(url) else []
    files = [*grounds.files(url), *database]
    say(f"Searching {len(files)} files …")
    for path in files:
        search_file(path, os.path.relpath(path, grounds.home), finder, search)
