"""A colleague says something to a customer from the command line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cli.staff import NothingToSay, UnknownColleague, say_as
from crm_store.books import Books
from crm_store.store import Store
from one_to_one.errors import UnknownCustomer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def ann(books: Books) -> str:
    """The id of a customer, in a shop where Mei answers."""
    await books.staff.add("Mei", NOON)
    return (await books.customers.create("en", NOON)).id


async def test_it_arrives_under_the_colleagues_name(store: Store) -> None:
    async with store.transaction() as books:
        customer = await ann(books)
        await say_as(books, customer, "It leaves today.", "Mei", NOON)
    async with store.reading() as books:
        (message,) = await books.messages.pushes(customer, 0)
        assert (message.text, message.sender, message.sender_name) == ("It leaves today.", "staff", "Mei")
        assert message.channel == "web"


async def test_it_goes_where_the_customer_talked_last(store: Store) -> None:
    async with store.transaction() as books:
        customer = await ann(books)
        await books.messages.receive(customer, "web", "1", NOON, "hello")
        await books.messages.receive(customer, "telegram", "2", NOON, "hello again", target="42")
        message = await say_as(books, customer, "Hi", "Mei", NOON)
        assert (message.channel, message.target) == ("telegram", "42")


async def test_it_is_in_the_audit_without_the_words(store: Store) -> None:
    async with store.transaction() as books:
        customer = await ann(books)
        message = await say_as(books, customer, "A secret", "Mei", NOON)
        (noted,) = await books.audit.listed(customer)
        assert (noted.who, noted.detail) == ("Mei", {"message": message.id})


async def test_a_stranger_cant_speak_for_the_shop(store: Store) -> None:
    async with store.transaction() as books:
        customer = await ann(books)
        with pytest.raises(UnknownColleague, match='staff add "Bob"'):
            await say_as(books, customer, "Hi", "Bob", NOON)


async def test_nobody_is_told_nothing(store: Store) -> None:
    async with store.transaction() as books:
        customer = await ann(books)
        with pytest.raises(NothingToSay):
            await say_as(books, customer, "  ", "Mei", NOON)


async def test_an_unknown_customer_is_named(store: Store) -> None:
    async with store.transaction() as books:
        await ann(books)
        with pytest.raises(UnknownCustomer, match="cnobody"):
            await say_as(books, "cnobody", "Hi", "Mei", NOON)
