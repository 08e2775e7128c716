"""`customer` and `import` as the owner types them."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.app import run
from crm_store.merging import merge
from crm_store.migrating import migrate
from crm_store.store import Store
from one_to_one.facts import Heard, Polarity, Source

MAY = datetime(2026, 5, 3, 4, tzinfo=UTC)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home folder of its own, without a store."""
    monkeypatch.setenv("DRIPWISE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "home"


@pytest.fixture
def customer(home: Path) -> str:
    """Somebody who likes dark roasts since May and liked light ones before."""
    home.mkdir()
    url = f"sqlite+aiosqlite:///{home / 'dripwise.db'}"
    migrate(url)
    return asyncio.run(somebody(url))


async def somebody(url: str) -> str:
    store = Store(url)
    async with store.transaction() as books:
        who = (await books.customers.create("zh-Hant", MAY)).id
        await books.customers.identify(who, "telegram", "42", "telegram", MAY)
        earlier, source = MAY - timedelta(days=30), Source(None, "web", MAY)
        light = await books.facts.learn(who, told("light"), at=earlier, source=source)
        dark = await books.facts.learn(who, told("dark"), at=MAY, source=source)
        await books.facts.end(light, MAY, dark.id)
    await store.close()
    return who


def told(value: str) -> Heard:
    return Heard("roast", value, Polarity.LIKES, 0.9, value)


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(["customer", "show", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_customers_are_listed_with_their_whole_id(customer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["customer", "list"]) == 0
    assert customer in capsys.readouterr().out


def test_a_customer_is_shown_as_tables_that_people_can_read(
    customer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["customer", "show", customer]) == 0
    printed = capsys.readouterr().out
    assert "dark" in printed
    assert "light" not in printed
    assert "2026-05-03 12:00" in printed


def test_what_was_known_on_a_day_can_be_shown(customer: str, capsys: pytest.CaptureFixture[str]) -> None:
    facts = shown(capsys, customer, "--at", "2026-04-20")["facts"]
    assert [fact["value"] for fact in facts] == ["light"]


def test_history_shows_what_is_no_longer_believed(customer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(shown(capsys, customer, "--history")["history"]) == 3


def test_a_date_that_is_none_is_an_error(customer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["customer", "show", customer, "--at", "May"]) == 1
    assert "'May' is no date" in capsys.readouterr().err


def test_a_customer_is_exported_to_a_file(customer: str, tmp_path: Path) -> None:
    assert run(["customer", "export", customer, str(tmp_path / "me.json")]) == 0
    assert len(json.loads((tmp_path / "me.json").read_text(encoding="utf-8"))["fact"]) == 3


def test_erasing_asks_first(
    customer: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(question: str, **_options: object) -> None:
        assert customer in question
        raise KeyboardInterrupt

    monkeypatch.setattr("typer.confirm", refuse)
    assert run(["customer", "erase", customer]) == 130
    assert shown(capsys, customer)["id"] == customer


def test_an_erased_customer_is_unknown(customer: str) -> None:
    assert run(["customer", "erase", customer, "--yes"]) == 0
    assert run(["customer", "show", customer]) == 1


def test_a_merge_is_undone(customer: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def join() -> str:
        store = Store(f"sqlite+aiosqlite:///{home / 'dripwise.db'}")
        async with store.transaction() as books:
            other = (await books.customers.create("en", MAY)).id
            await merge(books, other, customer, {"by": "link"}, MAY)
        await store.close()
        return other

    other = asyncio.run(join())
    assert shown(capsys, customer)["id"] == other
    assert run(["customer", "unmerge", customer]) == 0
    capsys.readouterr()
    assert shown(capsys, customer)["id"] == customer
    assert run(["customer", "unmerge", customer]) == 1


@pytest.mark.parametrize("command", ["show", "export", "unmerge"])
def test_an_unknown_customer_is_an_error(
    customer: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["customer", command, "cnobody"]) == 1
    assert "cnobody" in capsys.readouterr().err


def test_without_a_store_the_remedy_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["customer", "list"]) == 1
    assert "./dripwise up" in capsys.readouterr().err
    assert not home.exists()


def test_an_import_reports_what_it_took_and_refused(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "orders.csv"
    table.write_text(
        "customer,product,quantity,price,date\n7,x,1,2,2026-01-01\n,x,1,2,2026-01-01\n", encoding="utf-8"
    )
    assert run(["import", "purchases", str(table)]) == 0
    printed = capsys.readouterr().out
    assert "1 customers, 1 lines, 1 orders" in printed
    assert "no customer" in printed
    [refused] = (home / "imports").iterdir()
    assert refused.read_text(encoding="utf-8").splitlines()[1].startswith("3,")


def test_importing_a_file_that_is_not_there_is_an_error(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", "customers", "none.csv"]) == 1
    assert "no such file" in capsys.readouterr().err


def test_erasing_with_proof_gives_a_receipt_and_finds_what_was_planted(
    customer: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "keep").mkdir()
    (home / "keep" / "notes.txt").write_text(f"nobody reads this: {customer}", encoding="utf-8")
    assert run(["customer", "erase", customer, "--yes", "--verify", "--json"]) == 0
    receipt = json.loads(capsys.readouterr().out)
    assert receipt["files"] == {"keep/notes.txt": 1}
    assert receipt["rows"]["fact"] == 3
    assert receipt["proof"]["nothing_left"] is True
    (home / "keep" / "notes.txt").write_text(f"somebody wrote it again: {customer}", encoding="utf-8")
    assert run(["customer", "erase", customer, "--verify"]) == 1
    printed = capsys.readouterr().out
    assert receipt["receipt"] in printed
    assert "keep/notes.txt, byte 25" in printed
