"""One turn at a time per customer, among processes, on either database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from channels.leases import Busy, Leases
from crm_store.store import Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PROCESSES = 4
TURNS = 5


def clock() -> datetime:
    return datetime.now(UTC)


async def test_turns_of_several_processes_never_overlap(store: Store) -> None:
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
    stores = [Store(store.url) for _ in range(PROCESSES)]
    inside, most, turns = 0, 0, 0

    async def work(leases: Leases) -> None:
        nonlocal inside, most, turns
        for _ in range(TURNS):
            async with leases.turn(customer, timedelta(seconds=60)):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.01)
                turns += 1
                inside -= 1
            await leases.give_back()

    await asyncio.gather(*(work(Leases(each, clock)) for each in stores))
    assert (most, turns) == (1, PROCESSES * TURNS)
    for each in stores:
        await each.close()


async def test_a_turn_that_somebody_else_has_is_busy_and_free_again_when_given_back(store: Store) -> None:
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
    ours, theirs = Leases(store, clock), Leases(store, clock)
    async with theirs.turn(customer, timedelta(0)):
        with pytest.raises(Busy):
            async with ours.turn(customer, timedelta(0)):
                pass
    await theirs.give_back()
    async with ours.turn(customer, timedelta(0)):
        assert ours.taken_here(customer)
    await ours.give_back()
