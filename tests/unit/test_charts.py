"""The room of charts: each figure against days made by hand, the page, its tables and its sentences."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from crm_store.counting_days import Figure
from crm_store.daily import Complained, Count, Found, Waited
from crm_store.keeping_days import Days
from one_to_one.language import Language
from one_to_one.spans import Span, Step, Trend, percentile
from staff.charts import shown_of
from staff.figures import NAMES, Chart, Reckoning, charts, tiles
from staff.pages import texts_of
from staff.telling_figures import DASH, Teller, Unit
from tests.unit.packs import bakery
from tests.unit.shopfronts import TEXTS, Front

TODAY = date(2026, 3, 12)
WEEK = Span(date(2026, 3, 6), TODAY)
ZONE = ZoneInfo("Asia/Taipei")
TELLER = Teller(bakery(), texts_of(TEXTS, Language.ENGLISH), Language.ENGLISH)


def counts(
    figure: Figure, days: dict[int, int], key: str = "", channel: str = "web", language: str = "en"
) -> list[Count]:
    """Counts of days of March."""
    return [Count(figure, date(2026, 3, day), channel, language, key, count) for day, count in days.items()]


def noon(day: int) -> datetime:
    return datetime(2026, 3, day, 4, tzinfo=UTC)


def reckoned(
    *some: list[Count], span: Span = WEEK, step: Step = Step.DAY, begun: int = 1, **more: object
) -> Reckoning:
    rest = {"topics": {}, "complaints": [], "waits": [], "found": []} | more
    read = Days(date(2026, 3, begun), [count for each in some for count in each], **rest)  # type: ignore[arg-type]
    return Reckoning.of(read, span, step, ZONE, TODAY)


def chart(seen: Reckoning, name: str, teller: Teller = TELLER) -> Chart:
    return next(each for each in charts(seen, teller) if each.name == name)


def column(made: Chart, code: str) -> list[float | None]:
    """A column of the table, in the order of its rows."""
    found = next(each for each in made.columns if each.code == code)
    return [found.values.get(row.key) for row in made.rows]


def test_contacts_by_channel_and_language_add_up_and_the_sentence_says_how_they_went() -> None:
    seen = reckoned(
        counts(Figure.CONTACT, {6: 10, 7: 14, 10: 30, 11: 32, 12: 3}),
        counts(Figure.CONTACT, {11: 4}, channel="telegram", language="zh-Hant"),
    )
    made = chart(seen, "channels")
    assert column(made, "web") == [10, 14, 0, 0, 30, 32, 3]
    assert column(made, "telegram") == [0, 0, 0, 0, 0, 4, 0]
    assert column(made, "all") == [10, 14, 0, 0, 30, 36, 3]
    assert made.sentence == "Contacts rose from 12 to 33 a day."  # today isn't over and counts for nothing
    assert made.rows[-1].label == "Mar 12, 2026, so far"
    spoken = chart(seen, "languages")
    assert column(spoken, "zh-Hant") == [0, 0, 0, 0, 0, 4, 0]
    assert spoken.sentence == "Most contacts are in English: 96%."


def test_the_share_not_understood_is_of_what_was_typed() -> None:
    seen = reckoned(
        counts(Figure.MESSAGE, {6: 15, 7: 15, 11: 99}, "typed"),
        counts(Figure.MESSAGE, {6: 5, 7: 5, 11: 1}, "lost"),
        counts(Figure.MESSAGE, {6: 70}, "tapped"),
    )
    made = chart(seen, "fallback")
    assert column(made, "typed") == [20, 20, 0, 0, 0, 100, 0]
    assert column(made, "lost_share") == [0.25, 0.25, None, None, None, 0.01, None]
    assert made.sentence == "The share of messages not understood fell from 25% to 1%."


def test_questions_by_day_by_contact_and_by_topic() -> None:
    topics = {
        ("asked", "grain"): 10,
        ("answered", "grain"): 6,
        ("declined", "grain"): 1,
        ("asked", "crust"): 20,
    }
    seen = reckoned(
        counts(Figure.CONTACT, {6: 10, 7: 10, 10: 10, 11: 10}),
        counts(Figure.ASKED, {6: 10, 7: 10, 10: 15, 11: 15}, "grain"),
        counts(Figure.ANSWERED, {6: 5, 11: 12}, "grain"),
        counts(Figure.DECLINED, {11: 2}, "crust"),
        topics=topics,
    )
    made = chart(seen, "questions")
    assert column(made, "asked") == [10, 10, 0, 0, 15, 15, 0]
    assert column(made, "answered") == [5, 0, 0, 0, 0, 12, 0]
    assert column(made, "declined") == [0, 0, 0, 0, 0, 2, 0]
    each = chart(seen, "per_contact")
    assert column(each, "asked_each") == [1, 1, None, None, 1.5, 1.5, None]
    assert column(each, "answered_each") == [0.5, 0, None, None, 0, 1.2, None]
    by_topic = chart(seen, "topics")
    assert [row.key for row in by_topic.rows] == ["crust", "grain"]
    assert column(by_topic, "answered") == [0, 6]
    assert column(by_topic, "answered_share") == [0, 0.6]
    assert by_topic.sentence == "Asked most about crust: 20 times, 0% answered."


def test_facts_and_proposals() -> None:
    seen = reckoned(
        counts(Figure.LEARNED, {6: 4, 11: 8}, "stated"),
        counts(Figure.LEARNED, {6: 1}, "inferred"),
        counts(Figure.PROPOSAL, {6: 10, 10: 10, 11: 10}, "made"),
        counts(Figure.PROPOSAL, {6: 2, 11: 8}, "accepted"),
        counts(Figure.PROPOSAL, {6: 1}, "changed"),
        counts(Figure.PROPOSAL, {7: 3}, "rejected"),
    )
    assert [each.code for each in chart(seen, "facts").columns] == ["stated", "inferred", "all"]
    assert column(chart(seen, "facts"), "all") == [5, 0, 0, 0, 0, 8, 0]
    made = chart(seen, "proposals")
    assert column(made, "made") == [10, 0, 0, 0, 10, 10, 0]
    assert column(made, "rejected") == [0, 3, 0, 0, 0, 0, 0]
    assert column(made, "accepted_share") == [0.2, None, None, None, 0, 0.8, None]
    assert made.sentence == "The share of proposals accepted rose from 20% to 40%."


def test_complaints_stand_as_they_are_now_and_first_time_means_once() -> None:
    rows = [
        Complained(noon(6), True, 1),
        Complained(noon(6), True, 2),
        Complained(noon(7), True, 1),
        Complained(noon(11), True, 1),
        Complained(noon(11), False, 1),  # opened again
        Complained(datetime(2026, 3, 11, 17, tzinfo=UTC), False, 0),  # one o'clock on the 12th
    ]
    made = chart(reckoned(complaints=rows), "complaints")
    assert column(made, "complaints") == [2, 1, 0, 0, 0, 2, 1]
    assert column(made, "first_time") == [1, 1, 0, 0, 0, 1, 0]
    assert column(made, "later") == [1, 0, 0, 0, 0, 0, 0]
    assert column(made, "waiting") == [0, 0, 0, 0, 0, 1, 1]
    assert column(made, "first_time_share") == [0.5, 1, None, None, None, 1, None]
    assert made.sentence.endswith(" 75% of those solved were put right the first time.")


def test_times_are_told_by_their_half_and_their_slow_end() -> None:
    seen = reckoned(
        counts(Figure.ANSWER, {6: 90, 11: 50}, "30"),
        counts(Figure.ANSWER, {6: 10, 11: 50}, "125", language="zh-Hant"),
        waits=[Waited(noon(7), 60), Waited(noon(7), 120), Waited(noon(7), 600), Waited(noon(11), 30)],
    )
    made = chart(seen, "answers")
    assert column(made, "median") == [0.3, None, None, None, None, 0.3, None]
    assert column(made, "slow") == [1.25, None, None, None, None, 1.25, None]
    assert column(made, "answers") == [100, 0, 0, 0, 0, 100, 0]
    people = chart(seen, "colleagues")
    assert column(people, "median") == [None, 2, None, None, None, 0.5, None]
    assert column(people, "slow") == [None, 10, None, None, None, 0.5, None]
    assert people.sentence == "The usual wait for a colleague's first word fell from 2 min to 0.5 min."


def test_junk_is_a_share_of_what_was_looked_at() -> None:
    found = [Found(noon(6), True, False), Found(noon(6), False, True), Found(noon(11), False, False)]
    made = chart(reckoned(found=found), "junk")
    assert column(made, "junk_share") == [0.5, None, None, None, None, 0, None]
    assert column(made, "sampled_share") == [0, None, None, None, None, None, None]
    assert made.sentence == "The share of junk fell from 50% to 0%."


def test_weeks_and_months_add_their_days_up() -> None:
    contacts = counts(Figure.CONTACT, {1: 1, 2: 2, 8: 4, 9: 8, 12: 16})
    span = Span(date(2026, 2, 23), TODAY)
    assert column(chart(reckoned(contacts, span=span, step=Step.WEEK, begun=1), "channels"), "all") == [
        1,
        2 + 4,
        8 + 16,
    ]
    months = reckoned(contacts, counts(Figure.CONTACT, {}), span=span, step=Step.MONTH)
    assert column(chart(months, "channels"), "all") == [31]
    assert [row.label for row in chart(months, "channels").rows] == ["Mar 2026, so far"]


def test_tiles_compare_with_the_days_before() -> None:
    now = reckoned(
        counts(Figure.CONTACT, {6: 12}), counts(Figure.ANSWERED, {6: 9}), counts(Figure.ASKED, {6: 12})
    )
    before = reckoned(
        counts(Figure.CONTACT, {6: 10}), counts(Figure.ANSWERED, {6: 6}), counts(Figure.ASKED, {6: 12})
    )
    told = {tile.code: (tile.value, tile.change) for tile in tiles(now, before, TELLER)}
    assert told["contacts"] == ("12", "+20%")
    assert told["answered_share"] == ("75%", "+25 points")
    assert told["facts"] == ("0", "")
    assert told["slow"] == (DASH, "")
    assert {tile.change for tile in tiles(now, None, TELLER)} == {""}


@pytest.mark.parametrize(
    ("first", "last", "way"),
    [(10, 10.9, "same"), (10, 12, "rose"), (12, 10, "fell"), (0, 0, "same"), (0, 1, "rose")],
)
def test_a_tenth_more_or_less_is_the_same(first: float, last: float, way: str) -> None:
    assert Trend(first, last).way == way


def test_percentiles_are_times_that_were_taken() -> None:
    times = {0.1: 19, 5.0: 1}
    assert percentile(times, 0.5) == 0.1
    assert percentile(times, 0.95) == 0.1
    assert percentile(times, 0.96) == 5.0
    assert percentile({}, 0.5) is None


@pytest.mark.parametrize("language", Language)
def test_figures_are_written_as_in_the_language(language: Language) -> None:
    teller = Teller(bakery(), texts_of(TEXTS, language), language)
    assert teller.tell(12345, Unit.COUNT) == "12,345"
    assert teller.tell(0.256, Unit.SHARE) == "26%"
    assert teller.tell(0.014, Unit.SHARE) == "1.4%"
    assert teller.tell(None, Unit.SECONDS) == DASH
    seconds = {Language.ENGLISH: "0.35 s"}.get(language, "0.35 \u79d2")
    assert teller.tell(0.35, Unit.SECONDS) == seconds
    day = {Language.ENGLISH: "Mar 12"}.get(language, "3\u670812\u65e5")
    assert teller.short(TODAY, Step.DAY) == day


@pytest.mark.parametrize(
    ("typed", "first", "last", "step"),
    [
        ({}, "2026-02-11", "2026-03-12", Step.DAY),
        ({"days": "7"}, "2026-03-06", "2026-03-12", Step.DAY),
        ({"days": "90"}, "2025-12-13", "2026-03-12", Step.DAY),
        ({"days": "365"}, "2025-03-10", "2026-03-12", Step.WEEK),  # from a Monday
        ({"days": "365", "by": "month"}, "2025-03-13", "2026-03-12", Step.MONTH),
        ({"since": "2026-01-01", "until": "2026-01-31"}, "2026-01-01", "2026-01-31", Step.DAY),
        ({"since": "2026-02-01"}, "2026-02-01", "2026-03-12", Step.DAY),
        ({"since": "2026-03-01", "until": "2026-02-01"}, "2026-02-01", "2026-02-01", Step.DAY),
        ({"since": "1900-01-01", "until": "2099-01-01"}, "2024-03-12", "2026-03-12", Step.WEEK),
        ({"days": "8", "by": "hour", "channel": "<b>", "since": "x"}, "2026-02-11", "2026-03-12", Step.DAY),
    ],
)
def test_what_an_address_asks_for(typed: dict[str, str], first: str, last: str, step: Step) -> None:
    shown = shown_of(typed, TODAY)
    assert (str(shown.span.first), str(shown.span.last), shown.step) == (first, last, step)
    assert "<b>" not in shown.fields.values()


async def visited(front: Front, ago: float, channel: str = "web", language: str = "en") -> None:
    """Somebody came so many hours ago."""
    at = front.clock() - timedelta(hours=ago)
    async with front.store.transaction() as books:
        customer = (await books.customers.create(language, at)).id
        await books.contacts.current(customer, channel, at, timedelta(minutes=30))


async def test_an_empty_shop_is_told_kindly(front: Front, reviewer: httpx.AsyncClient) -> None:
    page = (await reviewer.get("/staff/charts")).text
    assert "Nothing has happened yet" in page
    assert "data-drawing" not in page


async def test_each_chart_has_a_table_that_needs_no_script(front: Front, reviewer: httpx.AsyncClient) -> None:
    for ago in (1, 49, 50, 73):
        await visited(front, ago)
    page = (await reviewer.get("/staff/charts?days=7")).text
    assert page.count('<section class="card chart"') == len(NAMES)
    assert page.count("data-drawing") == page.count('<details class="chart-table"') == 3
    assert "Nothing of this kind in these days." in page
    table = page[page.index('id="chart-channels"') :].split("</table>")[0]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td class="number">(.*?)</td>', table)
    assert rows == [
        ("Mar 1, 2026, so far", "1"),
        ("Feb 28, 2026", "0"),
        ("Feb 27, 2026", "2"),
        ("Feb 26, 2026", "1"),
    ]
    assert 'aria-label="Contacts by channel. Contacts ' in page


async def test_a_table_is_a_file_for_spreadsheets(front: Front, reviewer: httpx.AsyncClient) -> None:
    await visited(front, 1)
    await visited(front, 1, "telegram", "zh-Hant")
    answer = await reviewer.get("/staff/charts/channels/table.csv?days=7")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) == [
        ["When", "Telegram", "Web", "All"],
        ["2026-03-01", "1", "1", "2"],
    ]
    narrowed = await reviewer.get("/staff/charts/channels/table.csv?days=7&language=zh-Hant")
    assert narrowed.text.splitlines()[1:] == ["2026-03-01,1,1"]
    assert (await reviewer.get("/staff/charts/nothing/table.csv")).status_code == 404


@pytest.mark.parametrize("name", NAMES)
async def test_every_table_can_be_had_of_every_span(
    front: Front, reviewer: httpx.AsyncClient, name: str
) -> None:
    for fields in (
        "",
        "days=365&by=month",
        "since=2025-01-01&until=2025-02-01&channel=telegram&language=zh-Hans",
    ):
        answer = await reviewer.get(f"/staff/charts/{name}/table.csv?{fields}")
        assert answer.status_code == 200, fields


async def test_no_customer_is_named(front: Front, reviewer: httpx.AsyncClient) -> None:
    await visited(front, 1)
    async with front.store.reading() as books:
        (customer,) = await books.customers.listed()
    assert customer.id not in (await reviewer.get("/staff/charts")).text
