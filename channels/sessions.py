"""Sessions: the token by which a browser speaks for a customer."""

from __future__ import annotations

import secrets

from litestar import Request
from litestar.datastructures import State

from channels.refusals import NoSession
from channels.shopfront import Shopfront
from channels.wire import Session
from crm_store.books import Books
from crm_store.customers import hashed
from crm_store.models import CustomerRow
from one_to_one.language import Language

TOKEN_BYTES = 32
SHORT = 24
"""How much of a token's hash names it where no secret may stand."""

type Asked = Request[None, None, State]


def name_of(token: str) -> str:
    """What a session is called in the store; says nothing about the token."""
    return hashed(token)[:SHORT]


def token_of(request: Asked) -> str | None:
    """The bearer token of a request; None: there is none. Raises NoSession when it is no bearer token."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip().isascii():
        raise NoSession()
    return token.strip()


async def customer_of(books: Books, token: str | None) -> CustomerRow:
    """The customer a token speaks for. Raises NoSession."""
    row = await books.customers.by_session(token) if token else None
    if row is None:
        raise NoSession()
    return await books.customers.get(row.id)


async def open_session(shopfront: Shopfront, language: Language) -> Session:
    """A new customer and the token to speak for them."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), shopfront.clock()
    async with shopfront.store.transaction() as books:
        customer = await books.customers.create(language, now)
        await books.customers.identify(customer.id, "web", name_of(token), "session", now)
        await books.customers.open_session(customer.id, token, now)
        return Session(token, customer.id)


async def continue_session(shopfront: Shopfront, token: str, language: Language | None) -> Session:
    """The same customer comes in again: a new contact begins. Raises NoSession."""
    async with shopfront.store.transaction() as books:
        customer = await customer_of(books, token)
        await books.contacts.end(customer.id)
        customer.language = language or customer.language
        return Session(token, customer.id)
