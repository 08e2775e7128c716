"""Customers, identities, sessions, links and leases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_store.store import Store
from one_to_one.errors import BadLink, UnknownCustomer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_a_customer_is_found_again_by_the_name_a_channel_knows(store: Store) -> None:
    async with store.transaction() as books:
        customer = await books.customers.create("zh-Hant", NOON)
        await books.customers.identify(customer.id, "telegram", "42", "telegram", NOON)
    async with store.reading() as books:
        found = await books.customers.find("telegram", "42")
        assert found is not None
        assert found.id == customer.id
        assert await books.customers.find("web", "42") is None


async def test_an_identity_stays_with_the_customer_who_had_it_first(store: Store) -> None:
    async with store.transaction() as books:
        first = await books.customers.create("en", NOON)
        other = await books.customers.create("en", NOON)
        await books.customers.identify(first.id, "telegram", "42", "telegram", NOON)
        again = await books.customers.identify(other.id, "telegram", "42", "telegram", NOON)
        assert again.customer_id == first.id


async def test_a_session_token_is_kept_only_as_a_hash(store: Store) -> None:
    async with store.transaction() as books:
        customer = await books.customers.create("en", NOON)
        await books.customers.open_session(customer.id, "the-token", NOON)
    async with store.reading() as books:
        found = await books.customers.by_session("the-token")
        assert found is not None
        assert found.id == customer.id
        assert await books.customers.by_session("another") is None


async def test_a_link_works_once(store: Store) -> None:
    async with store.transaction() as books:
        customer = await books.customers.create("en", NOON)
        await books.customers.make_link(customer.id, "secret", NOON, NOON + HOUR)
        assert (await books.customers.use_link("secret", NOON)).id == customer.id
        with pytest.raises(BadLink):
            await books.customers.use_link("secret", NOON)


async def test_a_link_runs_out(store: Store) -> None:
    async with store.transaction() as books:
        customer = await books.customers.create("en", NOON)
        await books.customers.make_link(customer.id, "secret", NOON, NOON + HOUR)
        with pytest.raises(BadLink):
            await books.customers.use_link("secret", NOON + HOUR)


async def test_a_lease_keeps_others_out_until_it_is_released(store: Store) -> None:
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
        assert await books.customers.lease(customer, "one", NOON, NOON + HOUR)
        assert not await books.customers.lease(customer, "two", NOON, NOON + HOUR)
        await books.customers.release(customer, "two")
        assert not await books.customers.lease(customer, "two", NOON, NOON + HOUR)
        await books.customers.release(customer, "one")
        assert await books.customers.lease(customer, "two", NOON, NOON + HOUR)


async def test_a_lease_that_ran_out_can_be_taken(store: Store) -> None:
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
        assert await books.customers.lease(customer, "one", NOON, NOON + HOUR)
        assert await books.customers.lease(customer, "two", NOON + HOUR, NOON + 2 * HOUR)


async def test_an_unknown_customer_is_refused(store: Store) -> None:
    async with store.reading() as books:
        with pytest.raises(UnknownCustomer, match="cnobody"):
            await books.customers.get("cnobody")


async def test_customers_are_listed_page_by_page(store: Store) -> None:
    async with store.transaction() as books:
        made = sorted([(await books.customers.create("en", NOON)).id for _ in range(5)])
        first = await books.customers.listed(3)
        rest = await books.customers.listed(3, after=first[-1].id)
    assert [row.id for row in (*first, *rest)] == made
