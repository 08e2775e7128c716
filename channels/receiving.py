"""A message from a browser: proven, checked, and put into the inbox."""

from __future__ import annotations

from msgspec import UNSET

from channels.refusals import EmptyMessage, TooLong, TwoThingsAtOnce, UnknownPayload
from channels.sessions import customer_of, name_of
from channels.shopfront import Shopfront
from channels.wire import MOST_CHARACTERS, Said
from crm_store.books import Books
from crm_store.keys import read_or_make_key
from crm_store.models import CustomerRow, MessageRow
from crm_store.offers import title_offered
from one_to_one.language import Language
from one_to_one.made_pictures import SHARED
from one_to_one.sealing import opened

CHANNEL = "web"

ALWAYS_OFFERED = frozenset(
    {"start", "help", "know", "propose", "human", *(f"language:{tag}" for tag in Language)}
)
"""The payloads of the widget's own menu."""


async def receive(shopfront: Shopfront, token: str | None, said: Said) -> MessageRow:
    """The inbox row of a message; a second delivery gives the first row. Raises a Refusal."""
    async with shopfront.store.reading() as books:
        customer = await customer_of(books, token)
        shopfront.messages.spend(customer.id)
        text, payload = _checked(said)
        if payload is not None:
            text = await _title(shopfront, books, customer, payload)
    assert token is not None  # noqa: S101 - customer_of refuses its absence
    row, _ = await shopfront.turns.record(
        customer.id, CHANNEL, _external_id(token, said), text=text, payload=payload
    )
    return row


def _checked(said: Said) -> tuple[str, str | None]:
    text = "" if said.text is UNSET else str(said.text)
    if len(text) > MOST_CHARACTERS:
        raise TooLong(length=len(text), most=MOST_CHARACTERS)
    text = text.replace("\0", "").strip()
    if said.payload is UNSET:
        if not text:
            raise EmptyMessage()
        return text, None
    if said.text is not UNSET:
        raise TwoThingsAtOnce()
    return "", str(said.payload)


async def _title(shopfront: Shopfront, books: Books, customer: CustomerRow, payload: str) -> str:
    """What the tapped button said. Raises UnknownPayload when the customer was never offered it."""
    title = await title_offered(books, customer.id, payload)
    if title is not None:
        return title
    key, _, argument = payload.partition(":")
    if payload not in ALWAYS_OFFERED and not (key == "made" and _is_shared(shopfront, argument)):
        raise UnknownPayload()
    return shopfront.texts.say(Language(customer.language), f"widget.menu.{key}")


def _is_shared(shopfront: Shopfront, token: str) -> bool:
    """Whether it comes from a page of something shared: sealed by us, whoever was given it first."""
    return opened(read_or_make_key(shopfront.settings.keys, "signing"), SHARED, token) is not None


def _external_id(token: str, said: Said) -> str | None:
    """Client ids are unique within a session, the store's within the channel."""
    return None if said.id is UNSET else f"{name_of(token)}:{said.id}"
