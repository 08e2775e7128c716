"""What the shop does by itself, beside its customers: closing contacts, raising who waits too long for a
colleague, ranking what colleagues may review, and letting go of what is too old.

Every web process looks; whoever comes first does it, and the others find it done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from channels.blaming import blame
from crm_store import chores
from crm_store.closing import close_contacts
from crm_store.doubting_facts import doubt_facts
from crm_store.keeping_days import count_days
from crm_store.raising import raise_overdue
from crm_store.ranking_reviews import rank_messages
from crm_store.retaining import retain
from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.replies import Button, Reply
from one_to_one.retention import Retention
from one_to_one.shop import ShopPack
from one_to_one.texts import Texts
from one_to_one.waiting import is_overdue, waited

LOOK_SECONDS = 30.0
RAISING_EVERY = timedelta(seconds=20)
RANKING_EVERY = timedelta(minutes=1)
DOUBTING_EVERY = timedelta(minutes=5)
DOUBTING_ALL_EVERY = timedelta(days=1)
CLOSING_EVERY = timedelta(minutes=1)
COUNTING_EVERY = timedelta(hours=1)
RETAINING_EVERY = timedelta(days=1)

log = structlog.get_logger("tidying")


class Tidying:
    """The chores of a shop's store."""

    def __init__(
        self,
        store: Store,
        retention: Retention,
        silence: timedelta,
        clock: Callable[[], datetime],
        pack: ShopPack | None = None,
        texts: Texts | None = None,
    ) -> None:
        """`silence` ends a contact after its last message.

        Without a `pack` no fact is doubted; without `texts` besides, nobody is told that they wait too long.
        """
        self._store = store
        self._pack = pack
        self._texts = texts
        self._retention = retention
        self._silence = silence
        self._clock = clock

    async def run_forever(self) -> None:
        """Do what is due, again and again."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - it must go on; the log has the cause
                log.error("the tidying stumbled and goes on", **blame(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Do what is due now, unless another process is at it."""
        if await chores.take(self._store, "closing", CLOSING_EVERY, self._clock()):
            await close_contacts(self._store, self._clock(), self._silence)
            await chores.done(self._store, "closing", self._clock())
        if await chores.take(self._store, "ranking", RANKING_EVERY, self._clock()):
            await rank_messages(self._store)
            await chores.done(self._store, "ranking", self._clock())
        if self._pack is not None and self._texts is not None:
            await self._raise(self._pack, self._texts)
        if self._pack is not None:
            await self._doubt(self._pack)
            await self._count(self._pack)
        if await chores.take(self._store, "retaining", RETAINING_EVERY, self._clock()):
            gone = await retain(self._store, self._retention, self._clock())
            await chores.done(self._store, "retaining", self._clock())
            log.info("kept no longer", **{kind.value: count for kind, count in gone.items()})

    async def _count(self, pack: ShopPack) -> None:
        """Count the days that are over, so that the charts needn't: well before anything is let go of."""
        if await chores.take(self._store, "counting", COUNTING_EVERY, self._clock()):
            await count_days(self._store, ZoneInfo(pack.shop.time_zone), self._clock())
            await chores.done(self._store, "counting", self._clock())

    async def _raise(self, pack: ShopPack, texts: Texts) -> None:
        """Raise the conversations in which somebody waits too long for a colleague."""
        now = self._clock()

        def told(language: Language, since: datetime, here: bool) -> Reply:
            minutes = int(waited(pack.shop, since, now).total_seconds() // 60)
            words = texts.say(language, f"people.raised.{'here' if here else 'alone'}", minutes=minutes)
            return Reply(words, (Button(texts.say(language, "talk.button.bot"), "bot"),))

        if await chores.take(self._store, "raising", RAISING_EVERY, now):
            raised = await raise_overdue(
                self._store, lambda since: is_overdue(pack.shop, since, now), told, now
            )
            await chores.done(self._store, "raising", now)
            for customer in raised:
                log.warning("waits too long for a colleague", customer=customer)

    async def _doubt(self, pack: ShopPack) -> None:
        """Look for doubtful facts: often among what was just learned, and once a day among all."""
        now = self._clock()
        if await chores.take(self._store, "doubting all", DOUBTING_ALL_EVERY, now):
            await doubt_facts(self._store, pack, now)
            await chores.done(self._store, "doubting all", now)
        if await chores.take(self._store, "doubting", DOUBTING_EVERY, now):
            await doubt_facts(self._store, pack, now, since=now - 2 * DOUBTING_EVERY)
            await chores.done(self._store, "doubting", now)
