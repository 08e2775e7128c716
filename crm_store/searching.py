"""Looking for what was erased: in every column of every table and every byte of every file."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate, batched
from pathlib import Path
from typing import IO, cast

from sqlalchemy import Connection, Table, Text, column, create_engine, inspect, select, table, text
from sqlalchemy import cast as as_type
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import DatabaseError

from crm_store.connecting import is_sqlite
from crm_store.migrating import sync_url
from crm_store.needles import Finder, Needle

ROWS_TOGETHER = 2_000
PIECE = 8 << 20
"""Bytes of a file that are read together."""

DEEPEST = 4
"""How many archives inside one another are opened."""

MOST_LEFT = 1_000
"""Findings after which the rest is only counted."""

INDEX_OF_WORDS = "message_words"
"""By what messages are found; its tables hold words of all customers. Their bytes are those of the file."""

COMPARE = text("INSERT INTO message_words(message_words, rank) VALUES ('integrity-check', 1)")
"""SQLite compares what the index tells with what the messages say, and raises an error where they differ."""

BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError)
"""What opening an archive that is damaged or locked raises."""

SQUEEZED: dict[bytes, Callable[..., IO[bytes]]] = {
    b"\x1f\x8b": cast("Callable[..., IO[bytes]]", gzip.open),
    b"BZh": cast("Callable[..., IO[bytes]]", bz2.open),
    b"\xfd7zXZ": cast("Callable[..., IO[bytes]]", lzma.open),
}


@dataclass(frozen=True, slots=True)
class Left:
    """A trace that was found."""

    place: str  # such as "fact.words, row 12" or "logs/web.log, byte 99"
    kind: str  # of the needle


@dataclass(slots=True)
class Search:
    """What was looked through, and what was found there."""

    tables: int = 0
    rows: int = 0
    files: int = 0
    bytes: int = 0
    left: list[Left] = field(default_factory=list)
    others: set[Needle] = field(default_factory=set)  # found in other customers' own rows

    def note(self, place: str, needle: Needle) -> None:
        """A trace."""
        if len(self.left) < MOST_LEFT:
            self.left.append(Left(place, needle.kind))


# --- the database --------------------------------------------------------------------------------------


def search_tables(url: str, needles: Sequence[Needle], search: Search) -> None:
    """Read every row of every table there is, ours or not.

    What is found in a row that is about another customer is theirs, unless it can be nobody else's.
    """
    finder = Finder(needles)
    engine = create_engine(sync_url(url))
    try:
        with engine.connect() as connection:
            for found in _tables(connection):
                search.tables += 1
                for rows in batched(_rows(connection, found), ROWS_TOGETHER):
                    search.rows += len(rows)
                    _look_at(rows, found, finder, search)
            if not _index_is_true(connection):
                search.note(INDEX_OF_WORDS, Needle("", "words"))
    finally:
        engine.dispose()


def _look_at(rows: Sequence[Sequence[str | None]], found: Table, finder: Finder, search: Search) -> None:
    cells = [(number, place, cell.encode()) for number, row in enumerate(rows) for place, cell in _cells(row)]
    ends = list(accumulate(len(cell) + 1 for _, _, cell in cells))
    names = list(found.c.keys())
    for offset, _, needle in finder.find(b"\0".join(cell for _, _, cell in cells)):
        number, place, _ = cells[bisect_right(ends, offset)]
        row = dict(zip(names, rows[number], strict=True))
        if needle.sure or not _is_anothers(found.name, row):
            search.note(f"{found.name}.{names[place]}, row {row.get('id', '?')}", needle)
        else:
            search.others.add(needle)


def _cells(row: Sequence[str | None]) -> Iterator[tuple[int, str]]:
    return ((place, cell) for place, cell in enumerate(row) if cell)


def _is_anothers(name: str, row: dict[str, str | None]) -> bool:
    """Whether a row is about a customer: who was erased has none any more. The audit never holds words."""
    return name == "customer" or (name != "audit" and bool(row.get("customer_id")))


def _tables(connection: Connection) -> Iterator[Table]:
    """All tables that aren't the database's own, but for SQLite's index of words: it is everybody's."""
    looked = inspect(connection)
    for schema in [None] if connection.dialect.name == "sqlite" else looked.get_schema_names():
        if schema in ("information_schema", "pg_catalog"):
            continue
        for name in looked.get_table_names(schema=schema, sqlite_include_internal=True):
            if name.startswith(INDEX_OF_WORDS):
                continue
            columns: list[ReflectedColumn] = looked.get_columns(name, schema=schema)
            yield cast("Table", table(name, *(column(each["name"]) for each in columns), schema=schema))


def _index_is_true(connection: Connection) -> bool:
    """Whether the index of words tells of nothing but the messages that are there, which were looked at."""
    if connection.dialect.name != "sqlite" or not inspect(connection).has_table(INDEX_OF_WORDS):
        return True  # an index of PostgreSQL tells of rows that are there, by its nature
    try:
        connection.execute(COMPARE)
    except DatabaseError:
        return False
    finally:
        connection.rollback()
    return True


def _rows(connection: Connection, found: Table) -> Iterator[Sequence[str | None]]:
    """Every row as text, one after the other."""
    as_text = select(*(as_type(each, Text) for each in found.c))
    result = connection.execution_options(yield_per=ROWS_TOGETHER).execute(as_text)
    return (cast("Sequence[str | None]", tuple(row)) for row in result)


# --- files ---------------------------------------------------------------------------------------------


def database_files(url: str, path: str | None) -> list[Path]:
    """The SQLite file and what lies beside it; none for a server."""
    if not is_sqlite(url) or not path:
        return []
    return [file for end in ("", "-wal", "-shm", "-journal") if (file := Path(path + end)).is_file()]


def files_below(folders: Iterable[Path]) -> list[Path]:
    """Every file below these folders, once, links not followed."""
    found = {
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    return sorted(found)


def search_file(path: Path, name: str, finder: Finder, search: Search) -> bool:
    """Look at a file's name and at every byte, inside archives too. Whether anything was found."""
    before = len(search.left)
    search.files += 1
    for _, _, needle in finder.find(name.encode()):
        search.note(f"the name of {name}", needle)
    try:
        with path.open("rb") as file:
            _search(file, name, finder, search, DEEPEST)
    except FileNotFoundError:
        return False  # gone meanwhile: a pid file, a log put aside
    return len(search.left) > before


def _search(file: IO[bytes], name: str, finder: Finder, search: Search, depth: int) -> None:
    _search_bytes(file, name, finder, search)
    if not depth:
        return
    with suppress(*BROKEN):  # its bytes were looked at all the same
        for inside, member in _members(file, name):
            _search(member, inside, finder, search, depth - 1)


def _search_bytes(file: IO[bytes], name: str, finder: Finder, search: Search) -> None:
    file.seek(0)
    kept, offset = b"", 0
    while piece := file.read(PIECE):
        search.bytes += len(piece)
        data = kept + piece
        for place, end, needle in finder.find(data):
            if end > len(kept):
                search.note(f"{name}, byte {offset - len(kept) + place:,}", needle)
        kept = data[len(data) - finder.longest + 1 :] if finder.longest > 1 else b""
        offset += len(piece)


def _members(file: IO[bytes], name: str) -> Iterator[tuple[str, IO[bytes]]]:
    """What is packed inside a file, by name."""
    file.seek(0)
    start = file.read(6)
    file.seek(0)
    if start[:2] == b"PK" and zipfile.is_zipfile(file):
        yield from _zipped(file, name)
        return
    opened = next((opener for mark, opener in SQUEEZED.items() if start.startswith(mark)), None)
    if opened is not None:
        with opened(file, "rb") as inside:
            yield name + " (unpacked)", inside
        return
    file.seek(0)
    if _is_tar(file):
        file.seek(0)
        with tarfile.open(fileobj=file) as packed:
            for member in packed:
                content = packed.extractfile(member) if member.isfile() else None
                if content is not None:
                    yield f"{name}: {member.name}", content


def _zipped(file: IO[bytes], name: str) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(file) as packed:
        for member in packed.infolist():
            with packed.open(member) as content:
                yield f"{name}: {member.filename}", content


def _is_tar(file: IO[bytes]) -> bool:
    file.seek(257)
    return file.read(5) == b"ustar"
