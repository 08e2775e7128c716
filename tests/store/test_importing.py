"""Importing customers and purchases: what is taken, what is refused and why, and never twice."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import func, select

from crm_store.books import Books
from crm_store.importing import Order, import_customers, import_purchases
from crm_store.refusals import Report
from crm_store.rows import CUSTOMERS, FACTS, LINES, ORDERS
from crm_store.store import Store
from one_to_one.errors import BadTable
from one_to_one.facts import Heard, Polarity, Source
from one_to_one.language import Language
from one_to_one.shop import Shop, ShopPack, Topic, TopicKind, Value

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEXT = dict.fromkeys(Language, "")
SHOP = Shop(
    name=TEXT,
    currency="TWD",
    languages=(Language.TRADITIONAL, Language.ENGLISH),
    about=TEXT,
    hours=TEXT,
    delivery=TEXT,
    questions_per_contact=1,
    price_step=Decimal(1),
    tiers={},
    quiet_from=time(22),
    quiet_until=time(8),
    time_zone="Asia/Taipei",
    remedies={},
)


def topic(name: str, kind: TopicKind, *codes: str, sensitive: bool = False) -> Topic:
    values = {
        code: Value(code, dict.fromkeys(Language, code.title()), {"en": (f"{code} one",)}, {})
        for code in codes
    }
    return Topic(name, kind, TEXT, values, {}, TEXT, timedelta(days=365), sensitive, 0.1, ())


PACK = ShopPack(
    folder=Path(),
    shop=SHOP,
    topics={
        each.name: each
        for each in (
            topic("roast", TopicKind.CHOICE, "light", "dark"),
            topic("brew", TopicKind.CHOICES, "espresso", "moka"),
            topic("cups", TopicKind.NUMBER),
            topic("name", TopicKind.NAME),
            topic("avoid", TopicKind.CHOICES, "nuts", sensitive=True),
        )
    },
    products={},
    modules={},
)
HEADER = "customer,order,product,quantity,price,date"


@pytest.fixture
def order(tmp_path: Path) -> Order:
    """An import of `table.csv`, to be written by the test."""
    return Order(tmp_path / "table.csv", tmp_path / "imports" / "refused.csv", NOON, PACK)


async def purchases(store: Store, order: Order, *lines: str) -> Report:
    order.file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return await import_purchases(store, order, lambda _done, _all: None)


async def customers(store: Store, order: Order, *lines: str) -> Report:
    order.file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return await import_customers(store, order, lambda _done, _all: None)


async def counted(books: Books) -> dict[str, int]:
    tables = (CUSTOMERS, ORDERS, LINES, FACTS)
    return {
        table.name: await books.session.scalar(select(func.count()).select_from(table)) or 0
        for table in tables
    }


def refusals(order: Order) -> list[list[str]]:
    with order.refused.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


async def test_purchases_become_orders_of_customers_who_are_new(store: Store, order: Order) -> None:
    report = await purchases(
        store,
        order,
        HEADER,
        "7,a,kenya,2,400,2026-03-01",
        "7,a,brazil,1,380.5,2026-03-01",
        "8,b,kenya,1,400,2026-04-01",
    )
    assert report.added == {"customers": 2, "orders": 2, "lines": 3}
    async with store.reading() as books:
        customer = await books.customers.find("import", "7")
        assert customer is not None
        [bought] = await books.orders.listed(customer.id)
        assert (bought.external_id, bought.state, bought.currency) == ("a", "imported", "TWD")
        assert bought.total == Decimal("1180.5")
        assert bought.at == datetime(2026, 2, 28, 16, tzinfo=UTC)
        assert [line.product for line in await books.orders.lines(bought)] == ["kenya", "brazil"]


async def test_the_same_file_twice_adds_nothing(store: Store, order: Order) -> None:
    lines = (HEADER, "7,a,kenya,2,400,2026-03-01", "7,a,kenya,2,400,2026-03-01", "8,b,kenya,1,400,2026-04-01")
    first = await purchases(store, order, *lines)
    async with store.reading() as books:
        before = await counted(books)
    again = await purchases(store, order, *lines)
    async with store.reading() as books:
        assert await counted(books) == before
    assert (first.added["lines"], again.added.total(), again.known) == (3, 0, 3)


async def test_an_import_that_was_interrupted_goes_on_where_it_stopped(store: Store, order: Order) -> None:
    lines = [f"7,a,kenya,1,{400 + number % 3},2026-03-01" for number in range(40)]
    await purchases(store, order, HEADER, *lines[:17])
    rest = await purchases(store, order, HEADER, *lines)
    assert (rest.known, rest.added["lines"]) == (17, 23)
    async with store.reading() as books:
        customer = await books.customers.find("import", "7")
        assert customer is not None
        [bought] = await books.orders.listed(customer.id)
        assert bought.total == sum(Decimal(400 + number % 3) for number in range(40))


async def test_what_was_brought_back_lowers_what_a_customer_is_worth(store: Store, order: Order) -> None:
    await purchases(store, order, HEADER, "7,a,kenya,2,400,2026-03-01", "7,a,kenya,-1,400,2026-03-02")
    async with store.reading() as books:
        customer = await books.customers.find("import", "7")
        assert customer is not None
        assert sum(each.total for each in await books.orders.listed(customer.id)) == Decimal(400)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",a,kenya,1,400,2026-03-01", "no customer"),
        ("7,a,,1,400,2026-03-01", "no product"),
        ("7,a,kenya,0,400,2026-03-01", "quantity of 0"),
        ("7,a,kenya,two,400,2026-03-01", "not a number"),
        ("7,a,kenya,nan,400,2026-03-01", "not a number"),
        ("7,a,kenya,1,-400,2026-03-01", "price below 0"),
        ("7,a,kenya,1,1e30,2026-03-01", "price too large"),
        ("7,a,kenya,1,400,yesterday", "not a date"),
        ("7,a,kenya,1,400,01/02/2026", "date with the day or month first: which one it is can't be told"),
        (f"7,a,{'k' * 101},1,400,2026-03-01", "product of more than 100 characters"),
        ("7,a,kenya", "unreadable: missing columns"),
    ],
)
async def test_a_row_that_can_not_be_taken_is_refused_with_its_line_and_reason(
    store: Store, order: Order, line: str, reason: str
) -> None:
    good = "7,b,kenya,1,400,2026-03-01"
    report = await purchases(store, order, HEADER, good, line, good)
    assert report.refused_rows == {reason: 1}
    assert [(row[0], row[3]) for row in refusals(order)] == [("3", reason)]
    assert report.added["lines"] == 2
    assert report.rows == 3


async def test_known_names_of_columns_are_recognised(store: Store, order: Order) -> None:
    report = await purchases(
        store,
        order,
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        "536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850,UK",
    )
    assert report.added == {"customers": 1, "orders": 1, "lines": 1}
    async with store.reading() as books:
        customer = await books.customers.find("import", "17850")
        assert customer is not None
        [line] = await books.orders.all_lines(customer.id)
        assert line.product == "85123A"


async def test_columns_can_be_named_by_hand(store: Store, order: Order) -> None:
    told = replace(order, given=["who=customer", "what=product", "n=quantity", "each=price", "day=date"])
    report = await purchases(store, told, "who,what,n,each,day", "7,kenya,1,400,2026-03-01")
    assert report.added["lines"] == 1


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        (["nobody=customer"], "no column 'nobody'"),
        (["who=hat"], "known are"),
        (["who"], "theirs=ours"),
        ([], "no column for"),
    ],
)
async def test_columns_that_make_no_sense_are_an_error(
    store: Store, order: Order, given: Sequence[str], cause: str
) -> None:
    with pytest.raises(BadTable, match=cause):
        await purchases(store, replace(order, given=given), "who,what", "7,kenya")


@pytest.mark.parametrize("name", ["none.csv", "table.xlsx"])
async def test_a_file_that_can_not_be_read_is_an_error(store: Store, order: Order, name: str) -> None:
    order.file.with_name("table.xlsx").write_bytes(b"PK")
    with pytest.raises(BadTable):
        await import_purchases(store, replace(order, file=order.file.with_name(name)), lambda _d, _a: None)


async def test_a_parquet_file_that_is_none_is_an_error(store: Store, order: Order) -> None:
    file = order.file.with_name("table.parquet")
    file.write_bytes(b"Dear diary")
    with pytest.raises(BadTable):
        await import_purchases(store, replace(order, file=file), lambda _d, _a: None)


async def test_parquet_is_read_with_its_own_types(store: Store, order: Order) -> None:
    file = order.file.with_name("table.parquet")
    row = "7.0 AS customer, 'kenya' AS product, -2 AS quantity, 2.55 AS price"
    made = f"SELECT {row}, TIMESTAMP '2026-03-01 09:30:00' AS date"
    duckdb.sql(f"COPY ({made}) TO '{file}'")
    report = await import_purchases(store, replace(order, file=file), lambda _d, _a: None)
    assert report.added["lines"] == 1
    async with store.reading() as books:
        customer = await books.customers.find("import", "7")
        assert customer is not None
        [bought] = await books.orders.listed(customer.id)
        assert (bought.total, bought.at) == (Decimal("-5.10"), datetime(2026, 3, 1, 1, 30, tzinfo=UTC))


async def test_listed_customers_come_with_facts_and_names(store: Store, order: Order) -> None:
    report = await customers(
        store,
        order,
        "customer,language,name,email,roast,cups,since",
        "7,zh-Hans,林小姐,lin@example.com,Dark,2,2026-01-01",
    )
    assert report.added == {"customers": 1, "facts": 3}
    async with store.reading() as books:
        customer = await books.customers.find("email", "lin@example.com")
        assert customer is not None
        assert customer.language == "zh-Hans"
        facts = await books.facts.believed(customer.id)
        assert {fact.topic: fact.value for fact in facts} == {"name": "林小姐", "roast": "dark", "cups": "2"}
        assert {fact.source.channel for fact in facts} == {"import"}
        assert facts[0].since == datetime(2025, 12, 31, 16, tzinfo=UTC)


async def test_the_same_list_twice_adds_nothing(store: Store, order: Order) -> None:
    lines = ("customer,roast,brew", "7,dark,espresso", "8,light,moka")
    await customers(store, order, *lines)
    again = await customers(store, replace(order, at=NOON + timedelta(days=1)), *lines)
    assert again.added.total() == 0
    async with store.reading() as books:
        assert (await counted(books))["fact"] == 4


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("7,purple,", "unknown value of roast"),
        ("7,,nuts", "sensitive: needs the customer's own consent"),
    ],
)
async def test_a_value_that_can_not_be_taken_is_refused_and_its_row_kept(
    store: Store, order: Order, cells: str, reason: str
) -> None:
    report = await customers(store, order, "customer,roast,avoid", cells)
    assert report.refused_values == {reason: 1}
    assert report.added == {"customers": 1, "facts": 0}


async def test_what_the_customer_said_is_not_overwritten_by_a_list(store: Store, order: Order) -> None:
    await customers(store, order, "customer", "7")
    async with store.transaction() as books:
        customer = await books.customers.find("import", "7")
        assert customer is not None
        heard = Heard("roast", "dark", Polarity.LIKES, 0.9, "dark please")
        await books.facts.learn(customer.id, heard, at=NOON, source=Source(None, "web", NOON))
    report = await customers(store, order, "customer,roast", "7,light")
    assert report.refused_values.total() == 1
    async with store.reading() as books:
        assert [fact.value for fact in await books.facts.believed(customer.id)] == ["dark"]


async def test_a_newer_list_takes_the_place_of_an_older_one(store: Store, order: Order) -> None:
    await customers(store, order, "customer,roast,since", "7,light,2026-01-01")
    await customers(
        store, replace(order, at=NOON + timedelta(days=1)), "customer,roast,since", "7,dark,2026-05-01"
    )
    async with store.reading() as books:
        customer = await books.customers.find("import", "7")
        assert customer is not None
        assert [fact.value for fact in await books.facts.believed(customer.id)] == ["dark"]
        in_march = datetime(2026, 3, 1, tzinfo=UTC)
        assert [fact.value for fact in await books.facts.believed(customer.id, in_march)] == ["light"]


async def test_what_is_refused_is_written_as_words_and_not_as_a_formula(order: Order) -> None:
    report = Report(order.refused)
    report.refuse_value(2, "=1+1", "@SUM(A1)", "+1")
    report.refuse_row(3, "=2", '=HYPERLINK("x")')
    report.close()
    with order.refused.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    assert "'@SUM(A1)" in cells


async def test_a_name_that_belongs_to_somebody_else_is_refused(store: Store, order: Order) -> None:
    await customers(store, order, "customer,phone", "7,0912")
    report = await customers(store, order, "customer,phone", "8,0912")
    assert report.refused_values == {"belongs to another customer": 1}


async def test_a_mapping_file_says_what_their_words_mean(store: Store, order: Order) -> None:
    mapping = order.file.with_name("mapping.yml")
    mapping.write_text(
        "empty: [NA]\n"
        "columns:\n"
        "  id: customer\n"
        "  how:\n"
        "    to: brew\n"
        "    split: ','\n"
        "    values: {'Pot (stove, gas)': moka, Other: null, Strong: [espresso, roast=dark]}\n",
        encoding="utf-8",
    )
    report = await customers(
        store,
        replace(order, mapping=mapping),
        "id,how",
        '1,"Pot (stove, gas), Other"',
        "2,NA",
        "3,Strong",
        "4,Magic",
    )
    assert report.added == {"customers": 4, "facts": 3}
    assert report.refused_values == {"unknown value of brew": 1}


async def test_a_mapping_file_that_is_none_is_an_error(store: Store, order: Order) -> None:
    mapping = order.file.with_name("mapping.yml")
    mapping.write_text("columns: 7\n", encoding="utf-8")
    with pytest.raises(BadTable, match="not a mapping file"):
        await customers(store, replace(order, mapping=mapping), "customer", "7")


async def test_invalid_text_is_refused_and_the_rest_taken(store: Store, order: Order) -> None:
    order.file.write_bytes(b"customer,name\n7,Ann\n8,J\xe9r\xf4me\n9,Bob\n")
    report = await import_customers(store, order, lambda _d, _a: None)
    assert report.added["customers"] == 2
    assert report.refused_rows == {"unreadable: invalid encoding": 1}


async def test_an_empty_table_is_an_error_or_nothing(store: Store, order: Order) -> None:
    report = await customers(store, order, "customer,roast")
    assert (report.rows, report.added.total()) == (0, 0)
