"""Who waits too long for a colleague is raised: only hours in which the shop is open count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from channels.tidying import Tidying
from crm_store.floor import is_raised
from crm_store.models import MessageRow
from one_to_one.canned import SAID
from one_to_one.language import Language
from one_to_one.opening import Opening, Span
from one_to_one.replies import Reply
from one_to_one.retention import Retention
from one_to_one.shop import Shop, ShopPack
from one_to_one.waiting import is_overdue, waited
from tests.unit.packs import bakery
from tests.unit.shopfronts import TEXTS, Front

OPEN: Mapping[int, tuple[Span, ...]] = {
    day: (Span(time(9), time(12)), Span(time(13), time(18))) for day in range(5)
}
FRIDAY = datetime(2026, 2, 27, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def hours(*holidays: date) -> Opening:
    """Weekdays with a break at noon, by UTC."""
    return Opening(OPEN, "UTC", frozenset(holidays))


def shop(opening: Opening | None) -> Shop:
    return replace(bakery().shop, opening=opening, time_zone="UTC", answer_within=15 * MINUTE)


@pytest.mark.parametrize(
    ("since", "until", "passed"),
    [
        ((0, 10, 0), (0, 10, 40), 40),
        ((0, 11, 50), (0, 13, 5), 15),
        ((0, 17, 50), (3, 9, 10), 20),  # over a weekend
        ((0, 20, 0), (1, 20, 0), 0),
    ],
)
def test_only_the_hours_in_which_it_is_open_count(
    since: tuple[int, int, int], until: tuple[int, int, int], passed: int
) -> None:
    begins, ends = (FRIDAY + timedelta(days=d, hours=h, minutes=m) for d, h, m in (since, until))
    assert waited(shop(hours()), begins, ends) == passed * MINUTE


def test_on_a_holiday_nobody_is_late() -> None:
    begins = FRIDAY + timedelta(hours=17, minutes=50)
    monday = FRIDAY + timedelta(days=3, hours=12)
    assert is_overdue(shop(hours()), begins, monday)
    assert not is_overdue(shop(hours(monday.date())), begins, monday)


def test_a_shop_without_hours_is_quiet_in_its_quiet_hours() -> None:
    late = FRIDAY + timedelta(hours=23)
    assert not is_overdue(shop(None), late - 60 * MINUTE, late)
    assert is_overdue(shop(None), late, late + timedelta(hours=11))


def test_what_a_reply_may_fit_is_what_the_bot_understands() -> None:
    known = TEXTS.under(Language.ENGLISH, "staff_intents")
    assert set(SAID) <= set(known)


class Floor:
    """A shop that is open, and its chore."""

    def __init__(self, front: Front, pack: ShopPack) -> None:
        self.front, self.clock = front, front.clock
        self.tidying = Tidying(
            front.store, Retention(), timedelta(minutes=30), front.clock, pack, front.shopfront.texts
        )
        self.customer = ""

    async def asks(self, language: str = "en") -> None:
        """A customer asks for a person."""
        async with self.front.store.transaction() as books:
            row = await books.customers.create(language, self.clock())
            message, _ = await books.messages.receive(row.id, "web", None, self.clock(), "a person please")
            await books.floor.ask(row, message.id, self.clock())
            await books.messages.answer(message, [Reply("asked")], self.clock(), language=language)
            self.customer = row.id

    async def told(self) -> list[MessageRow]:
        """What they were told by the shop, after the time has passed that a chore takes at most."""
        self.clock.turn(seconds=30)
        await self.tidying.look()
        async with self.front.store.reading() as books:
            recent = await books.messages.recent(self.customer, 20)
        return [row for row in recent if row.direction == "out" and row.reply_to is None]


@pytest.fixture
def floor(front: Front) -> Floor:
    """Monday at nine."""
    front.clock.now = FRIDAY + timedelta(days=3, hours=9)
    return Floor(front, replace(bakery(), shop=shop(hours())))


async def test_who_waits_longer_than_the_term_is_told_once_and_comes_first(floor: Floor) -> None:
    await floor.asks()
    first = floor.customer
    floor.clock.turn(minutes=14)
    assert await floor.told() == []
    await floor.asks()
    floor.customer = first
    floor.clock.turn(minutes=1)
    [told] = await floor.told()
    assert (told.sender, told.buttons[0]["payload"]) == ("shop", "bot")
    assert "16 minutes" in told.text
    assert "Nobody is at the desk" in told.text
    floor.clock.turn(hours=1)
    assert len(await floor.told()) == 1
    async with floor.front.store.reading() as books:
        listed = await books.floor.listed()
        assert [row.what for row in await books.audit.listed(first)] == ["raised a conversation"]
    assert [(one.customer.id == first, is_raised(one)) for one in listed] == [(True, True), (False, True)]


async def test_what_a_colleague_leaves_unanswered_is_raised_too(floor: Floor) -> None:
    await floor.asks("zh-Hans")
    async with floor.front.store.transaction() as books:
        row = await books.customers.get(floor.customer)
        await books.floor.take(row, "Mei", floor.clock())
        await books.staff.add("Bo", floor.clock())
    floor.clock.turn(hours=1)
    assert await floor.told() == []
    async with floor.front.store.transaction() as books:
        said, _ = await books.messages.receive(floor.customer, "web", None, floor.clock(), "在吗")
        await books.floor.keep(said, language="zh-Hans")
        await books.staff.here("Bo", floor.clock() + timedelta(minutes=20))
    floor.clock.turn(minutes=20)
    [told] = await floor.told()
    assert "再通知店里所有人" in told.text


async def test_who_was_answered_in_time_is_not_raised(floor: Floor) -> None:
    await floor.asks()
    async with floor.front.store.transaction() as books:
        row = await books.customers.get(floor.customer)
        await books.floor.take(row, "Mei", floor.clock())
        await books.floor.give_back(row, "Mei", floor.clock())
    floor.clock.turn(hours=2)
    assert await floor.told() == []
