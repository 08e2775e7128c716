"""`order`, `export orders` and `report demand`: what colleagues and other programs see of orders."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cli.app import run
from cli.exporting_orders import as_csv
from crm_store.models import OrderRow
from crm_store.order_book import entries
from crm_store.orders import Line
from crm_store.store import Store
from one_to_one.cells import harmless

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOSTILE = '=HYPERLINK("http://evil.example";"x")'


@pytest.fixture
def shop(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The commands work on this store."""
    monkeypatch.setenv("DRIPWISE_DATABASE_URL", url.replace("+aiosqlite", "").replace("+psycopg", ""))
    monkeypatch.setenv("DRIPWISE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return url


async def ordered(url: str, grind: str = "coarse", size: str = "250", label: str = HOSTILE) -> int:
    store = Store(url)
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
        options = {"bag_size": size, "grind": grind, "packaging": "plain"}
        line = Line("hambela_washed", "Hambela", Decimal(880), Decimal(470), Decimal(2), options)
        order = await books.orders.draft(customer, None, [line], NOON, "TWD")
        order.details = {"delivery": "home", "address": "中山北路一段 12 號", "label_message": label}
        await books.orders.place(order, NOON)
        await books.unmet_wishes.add(customer, None, NOON, "a grinder for my son Bo", thing="grinder")
    await store.close()
    return order.id


def test_orders_are_written_as_csv_that_no_spreadsheet_reckons(shop: str, tmp_path: Path) -> None:
    number = asyncio.run(ordered(shop))
    assert run(["export", "orders", str(tmp_path / "orders.csv")]) == 0
    text = (tmp_path / "orders.csv").read_text(encoding="utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert row["label_message"] == f"'{HOSTILE}"
    assert (row["order"], row["quantity"], row["order_total"]) == (str(number), "2", "1760")
    assert (row["order_margin"], row["modules"].split("; ")[0]) == ("820", "bag_size=250")
    assert row["address"] == "中山北路一段 12 號"


def test_orders_are_written_as_json_like_the_webhook_tells_them(
    shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number = asyncio.run(ordered(shop))
    assert run(["export", "orders", "--format", "json", "--since", "2026-01-01"]) == 0
    [told] = json.loads(capsys.readouterr().out)
    assert (told["number"], told["cost"], told["details"]["label_message"]) == (number, "940", HOSTILE)
    assert run(["export", "orders", "--format", "json", "--since", "2026-12-01"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["export", "orders", "--state", "lost"]) == 2


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+886 2 1234", "'+886 2 1234"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("\tone", "'\tone"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("-12.5", "-12.5"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_cell_is_never_a_formula(cell: str, safe: str) -> None:
    assert harmless(cell) == safe


async def test_many_orders_are_read_in_slices(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_store.order_book.AT_ONCE", 2)
    for _ in range(5):
        await ordered(store.url)
    async with store.reading() as books:
        found = await entries(books.session)
    assert len({entry.order.id for entry in found}) == 5
    assert all(len(entry.lines) == 1 for entry in found)
    assert len(as_csv(found).splitlines()) == 6


def test_an_order_is_moved_on_and_never_back(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    number = str(asyncio.run(ordered(shop)))
    assert run(["order", "move", number, "in_production"]) == 0
    assert run(["order", "move", number, "sent", "--note", "by bicycle"]) == 0
    assert run(["order", "move", number, "cancelled"]) == 1
    assert "can't become cancelled" in capsys.readouterr().err
    assert run(["order", "show", number]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [step["state"] for step in told["steps"]] == ["placed", "in_production", "sent"]
    assert [event["type"] for event in told["events"]] == [
        "order.placed",
        "order.in_production",
        "order.sent",
    ]
    assert run(["order", "show", "999"]) == 1


def test_a_list_of_orders_masks_addresses(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(ordered(shop))
    for more in ([], ["--json"]):
        assert run(["order", "list", *more]) == 0
        shown = capsys.readouterr().out
        assert "中山北" in shown
        assert "12 號" not in shown


async def test_cancelling_by_hand_gives_the_stock_back(store: Store) -> None:
    number = await ordered(store.url)
    async with store.transaction() as books:
        assert await books.stock.take({"hambela_washed": Decimal(2)}, {"hambela_washed": 3}) is None
        order = await books.session.get_one(OrderRow, number)
        [line] = await books.orders.lines(order)
        line.specification = {"stock": {"hambela_washed": "2"}}
        await books.orders.cancel(order, NOON, "cli")
        assert await books.stock.left() == {"hambela_washed": (3, Decimal(3))}


def test_demand_tells_options_pairs_and_wishes(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    for grind, size in (("coarse", "250"), ("coarse", "250"), ("fine", "500"), ("fine", "500")):
        asyncio.run(ordered(shop, grind, size))
    assert run(["report", "demand", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    options = {(one["module"], one["option"]): one for one in lines if one["kind"] == "option"}
    assert options["grind", "coarse"]["lines"] == 2
    assert options["grind", "coarse"]["share"] == 0.5
    assert options["grind", "medium"]["lines"] == 0
    assert options["bag_size", "500"]["revenue"] == "3520"
    pairs = {(one["one"], one["other"]) for one in lines if one["kind"] == "never_together"}
    assert ("bag_size=250", "grind=fine") in pairs
    assert ("bag_size=250", "grind=coarse") not in pairs
    [wish] = [one for one in lines if one["kind"] == "unmet_wish"]
    assert wish == {"kind": "unmet_wish", "what": "grinder", "times": 4, "customers": 4}


def test_demand_is_drawn_and_tabled_without_anybodys_words(
    shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(ordered(shop))
    assert run(["report", "demand", "--svg", str(tmp_path / "demand.svg")]) == 0
    shown = capsys.readouterr().out
    assert "grinder" in shown
    assert "my son Bo" not in shown
    assert (tmp_path / "demand.svg").read_text(encoding="utf-8").startswith("<svg")
