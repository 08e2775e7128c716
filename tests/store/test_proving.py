"""Erasing somebody everywhere, and a search that would find whatever was left of them."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine, make_url, text

from crm_store.connecting import is_sqlite
from crm_store.erasing import erase
from crm_store.exporting import export
from crm_store.merging import merge, unmerge
from crm_store.migrating import sync_url
from crm_store.needles import Finder, Needle
from crm_store.proving import Certificate, Grounds, erase_everywhere, verify_erased
from crm_store.searching import Search, search_file, search_tables
from crm_store.store import Store
from one_to_one.errors import UnknownCustomer
from one_to_one.facts import Heard, Polarity, Source
from settings import ROOT
from tests.store.test_erasing import a_life

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = "zanzibar-marzipan"
CHINESE = "我家的貓叫豆花王子"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder beside the store."""
    return tmp_path


async def ann(store: Store, *said: str) -> str:
    """A customer with rows in every table, who said these things as well."""
    async with store.transaction() as books:
        customer = await a_life(books, "ann")
        for number, words in enumerate(said):
            await books.messages.receive(customer, "web", f"ann-said-{number}", NOON, words)
    return customer


CODE = b"".join(path.read_bytes() for path in sorted((ROOT / "crm_store").glob("*.py")))
"""Words such as `telegram` are the shop's own."""


async def erased(store: Store, customer: str, home: Path, *, own: bytes = b"") -> Certificate:
    grounds = Grounds(home, [], [own, CODE])
    return await erase_everywhere(store, customer, NOON, grounds, who="cli", verify=True, say=lambda _: None)


def left(certificate: Certificate) -> list[str]:
    assert certificate.proof is not None
    return [each.place for each in certificate.proof.left]


async def test_nothing_is_left_of_a_customer_and_the_receipt_says_what_was_searched(
    store: Store, home: Path
) -> None:
    customer = await ann(store, CHINESE)
    other = await ann_s_double(store)
    certificate = await erased(store, customer, home)
    assert left(certificate) == []
    assert certificate.receipt is not None
    assert certificate.receipt.counts["message"] == 3
    told = certificate.as_json()["proof"]
    assert told["searched"]["tables"] >= 15
    assert told["searched"]["rows"] > 0
    assert told["needles"]["searched"] == len(told["needles"]["hmac_sha256"]) > 5
    assert told["needles"]["said_by_others_too"] > 0  # both lives are told in the same words
    assert WORDS not in json.dumps(certificate.as_json())
    async with store.reading() as books:
        assert (await books.customers.get(other)).id == other


async def ann_s_double(store: Store) -> str:
    """Another customer, who happens to say the same."""
    async with store.transaction() as books:
        return await a_life(books, "bob")


async def test_no_number_of_the_customer_stays_in_the_audit(store: Store, home: Path) -> None:
    customer = await ann(store)
    async with store.transaction() as books:
        other = (await books.customers.create("en", NOON)).id
        await merge(books, other, customer, {"by": "link"}, NOON)
        await unmerge(books, customer, NOON + HOUR)
        await books.audit.record("cli", "export", customer, NOON)
    certificate = await erased(store, customer, home)
    assert left(certificate) == []
    async with store.reading() as books:
        assert [line.what for line in await books.audit.listed(other)] == ["merge", "unmerge"]
        lines = await books.audit.listed(certificate.number)
        assert [(line.what, line.who) for line in lines] == [("export", "cli"), ("erase", "cli")]


async def test_the_journal_of_a_merge_that_was_undone_keeps_nothing(store: Store, home: Path) -> None:
    customer = await ann(store)
    async with store.transaction() as books:
        other = (await books.customers.create("en", NOON)).id
        await merge(books, other, customer, {"by": "link"}, NOON)
        await unmerge(books, customer, NOON + HOUR)
        [row] = await books.customers.merges(other)
        assert row.journal == {}


def plant_in_log(home: Path, words: str, _customer: str) -> None:
    (home / "logs").mkdir()
    (home / "logs" / "bot.log").write_text(f"begins\nTracker of somebody: {words}!\nends\n", encoding="utf-8")


def plant_training_example(home: Path, words: str, _customer: str) -> None:
    (home / "nlu").mkdir()
    escaped = json.dumps({"examples": [words, "something else"]})
    (home / "nlu" / "labelled.jsonl").write_text(escaped + "\n", encoding="utf-8")


def plant_export(home: Path, _words: str, customer: str) -> None:
    (home / "exports").mkdir()
    (home / "exports" / "somebody.json").write_text(json.dumps({"id": customer}), encoding="utf-8")


def plant_in_model(home: Path, words: str, _customer: str) -> None:
    (home / "models").mkdir()
    inside = io.BytesIO()
    np.savez_compressed(inside, vocabulary=np.array(["bean", words]))
    with tarfile.open(home / "models" / "coffee.tar.gz", "w:gz") as packed:
        member = tarfile.TarInfo("components/vocabulary.npz")
        member.size = len(inside.getvalue())
        packed.addfile(member, io.BytesIO(inside.getvalue()))


def plant_in_crowd(home: Path, words: str, _customer: str) -> None:
    (home / "crowd").mkdir()
    with zipfile.ZipFile(home / "crowd" / "counts.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("rows.json", json.dumps([words], ensure_ascii=False))


def plant_in_old_log(home: Path, words: str, _customer: str) -> None:
    (home / "logs").mkdir()
    (home / "logs" / "web.log.1.gz").write_bytes(gzip.compress(f"x {words} y".encode()))


PLANTED = [
    plant_in_log, plant_training_example, plant_export, plant_in_model, plant_in_crowd, plant_in_old_log,
]  # fmt: skip


@pytest.mark.parametrize("plant", PLANTED)
async def test_what_lies_in_files_is_erased_too(
    store: Store, home: Path, plant: Callable[[Path, str, str], None]
) -> None:
    customer = await ann(store, CHINESE)
    plant(home, CHINESE, customer)
    certificate = await erased(store, customer, home)
    assert left(certificate) == []
    assert len(certificate.files) == 1


@pytest.mark.parametrize("plant", PLANTED)
def test_the_search_finds_what_is_planted_in_files(
    tmp_path: Path, plant: Callable[[Path, str, str], None]
) -> None:
    plant(tmp_path, CHINESE, "cabcdefghijklmnop")
    finder = Finder([Needle(CHINESE, "words"), Needle("cabcdefghijklmnop", "id")])
    search = Search()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if search_file(path, path.name, finder, search)]


async def test_a_blanked_log_keeps_its_length_and_its_other_lines(store: Store, home: Path) -> None:
    customer = await ann(store, CHINESE)
    plant_in_log(home, CHINESE, customer)
    before = (home / "logs" / "bot.log").read_bytes()
    await erased(store, customer, home)
    after = (home / "logs" / "bot.log").read_bytes()
    assert len(after) == len(before)
    assert after.split() == [b"begins", b"ends"]


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("INSERT INTO audit (at, who, what, detail) VALUES (:at, 'x', 'y', :json)", "audit.detail"),
        (
            "INSERT INTO merge (kept_id, absorbed_id, evidence, journal, merged_at)"
            " VALUES ('a', 'b', '{}', :json, :at)",
            "merge.journal",
        ),
        ("INSERT INTO forgotten_table (cell) VALUES (:words)", "forgotten_table.cell"),
    ],
)
async def test_what_is_left_in_any_table_is_found(
    own_url: str, home: Path, statement: str, place: str
) -> None:
    store = Store(own_url)
    customer = await ann(store, CHINESE)
    engine = create_engine(sync_url(own_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE forgotten_table (cell VARCHAR(200))"))
        told = {
            "at": "2026-11-24 12:00:00+00:00",
            "words": CHINESE,
            "json": json.dumps({"x": CHINESE}, ensure_ascii=False),
        }
        used = {name: value for name, value in told.items() if f":{name}" in statement}
        connection.execute(text(statement), used)
    engine.dispose()
    certificate = await erased(store, customer, home)
    await store.close()
    assert any(found.startswith(place) for found in left(certificate))


async def test_an_index_that_tells_of_words_nobody_says_any_more_is_found(store: Store, home: Path) -> None:
    customer = await ann(store)
    if is_sqlite(store.url):
        async with store.transaction() as books:
            await books.session.execute(text("DROP TRIGGER message_words_gone"))
        assert "message_words" in left(await erased(store, customer, home))


async def test_words_are_gone_from_the_index_in_the_file(store: Store) -> None:
    """Whatever else was written before and since: the index lets go of them when somebody is erased."""
    path = make_url(store.url).database
    async with store.transaction() as books:
        others = [(await books.customers.create("en", NOON)).id for _ in range(30)]
    for number, other in enumerate(others):
        async with store.transaction() as books:
            await books.messages.receive(other, "web", f"o{number}", NOON, f"hello number {number}")
    customer = await ann(store, "quixotic-zanzibarian")
    async with store.transaction() as books:
        await books.messages.receive(others[0], "web", "late", NOON, "something else")
        await erase(books, customer, NOON)
    if is_sqlite(store.url) and path is not None:
        assert not [
            file.name for file in Path(path).parent.iterdir() if b"zanzibarian" in file.read_bytes().lower()
        ]


async def test_bytes_that_stayed_in_a_free_page_are_found(store: Store, home: Path) -> None:
    path = make_url(store.url).database
    if not store.url.startswith("sqlite") or path is None:
        return
    customer = await ann(store, CHINESE)
    (home / f"{Path(path).name}-journal").write_bytes(b"\0" * 4090 + CHINESE.encode() + b"\0" * 99)
    certificate = await erased(store, customer, home)
    assert len(left(certificate)) >= 1
    assert "-journal" in left(certificate)[0]


async def test_the_shops_own_words_are_no_trace_of_anybody(store: Store, home: Path) -> None:
    customer = await ann(store, "深焙的豆子有哪些")
    (home / "model.bin").write_bytes(b"\0" + "深焙的豆子有哪些".encode())
    certificate = await erased(store, customer, home, own="- 深焙的豆子有哪些\n".encode())
    assert left(certificate) == []
    assert certificate.files == {}
    assert certificate.as_json()["proof"]["needles"]["words_of_the_shop"] >= 1


async def test_what_another_customer_says_as_well_is_theirs(store: Store, home: Path) -> None:
    customer = await ann(store, CHINESE)
    async with store.transaction() as books:
        other = (await books.customers.create("en", NOON)).id
        heard = Heard("hobby", CHINESE, Polarity.LIKES, 1.0, CHINESE)
        await books.facts.learn(other, heard, at=NOON, source=Source(None, "web", NOON))
    assert left(await erased(store, customer, home)) == []
    async with store.reading() as books:
        assert [fact.value for fact in await books.facts.believed(other)] == [CHINESE]


async def test_a_name_of_the_customer_is_found_even_in_anothers_rows(store: Store, home: Path) -> None:
    customer = await ann(store)
    async with store.transaction() as books:
        other = (await books.customers.create("en", NOON)).id
        await books.messages.receive(other, "web", "other-1", NOON, f"ask {WORDS}-ann")
    assert any(place.startswith("message.text") for place in left(await erased(store, customer, home)))


async def test_somebody_erased_earlier_is_searched_for_by_id(store: Store, home: Path) -> None:
    customer = await ann(store)
    first = await erased(store, customer, home)
    again = await verify_erased(store, customer, Grounds(home, [], []), lambda _: None)
    assert (again.number, left(again)) == (first.number, [])
    (home / "note.txt").write_text(f"remember {customer}", encoding="utf-8")
    again = await verify_erased(store, customer, Grounds(home, [], []), lambda _: None)
    assert left(again) == ["note.txt, byte 9"]
    with pytest.raises(UnknownCustomer):
        await verify_erased(store, "cnobody", Grounds(home, [], []), lambda _: None)


async def test_erasing_works_while_the_shop_reads_and_writes(store: Store, home: Path) -> None:
    customer, other = await ann(store, CHINESE), await ann_s_double(store)
    shop = Store(store.url)
    async with shop.transaction() as books:
        await books.messages.receive(other, "web", "bob-9", NOON, "hello")
    certificate = await erased(store, customer, home)
    async with shop.transaction() as books:
        await books.messages.receive(other, "web", "bob-10", NOON, "hello")
        assert (await export(books, other))["id"] == other
    await shop.close()
    assert left(certificate) == []


async def test_an_erasure_waits_for_those_who_still_read_the_log(store: Store, home: Path) -> None:
    customer = await ann(store, CHINESE)
    shop = Store(store.url)
    async with shop.reading() as books:
        assert await books.messages.count(customer) == 3
        erasing = asyncio.create_task(erased(store, customer, home))
        await asyncio.sleep(0.5)
    await shop.close()
    assert left(await erasing) == []


def test_a_needle_across_two_pieces_of_a_file_is_found_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_store.searching.PIECE", 100)
    file = tmp_path / "big.bin"
    file.write_bytes(b"x" * 95 + b"needle-in-hay" + b"x" * 500 + b"needle-in-hay")
    search = Search()
    search_file(
        file,
        "big.bin",
        Finder([Needle("needle-in-hay", "id"), Needle("much-longer-than-that", "id")]),
        search,
    )
    assert [each.place for each in search.left] == ["big.bin, byte 95", "big.bin, byte 608"]


def test_a_value_across_the_pages_of_sqlite_is_found_in_its_table(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("CREATE TABLE t (cell TEXT)")
        connection.execute("INSERT INTO t VALUES (?)", ("y" * 4050 + "needle-in-hay" + "y" * 9000,))
    search = Search()
    search_tables(url.replace("sqlite:", "sqlite+aiosqlite:"), [Needle("needle-in-hay", "words")], search)
    assert [each.place for each in search.left] == ["t.cell, row ?"]
