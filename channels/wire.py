"""What goes over the wire between a browser and the chat API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from crm_store.models import MessageRow
from one_to_one.language import Language
from one_to_one.made_pictures import token_in

MOST_CHARACTERS = 4000
"""The longest text of one message."""

LARGEST_NUMBER = 2**63 - 1

ClientId = Annotated[
    str, Meta(min_length=1, max_length=100, description="made by the client, once per message")
]
Payload = Annotated[
    str, Meta(min_length=1, max_length=64, description="the payload of a button that was shown")
]
Text = Annotated[str, Meta(min_length=1, description=f"at most {MOST_CHARACTERS} characters")]


class NewSession(Struct):
    """A customer comes in."""

    language: Language | UnsetType = UNSET


class Session(Struct):
    """Proof that a browser speaks for a customer."""

    token: str
    customer: str


class Said(Struct):
    """A message from a customer: what they typed, or the button they tapped."""

    id: ClientId | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    payload: Payload | UnsetType = UNSET


class Choice(Struct):
    """A button."""

    title: str
    payload: str


class Answer(Struct):
    """One message of the shop."""

    id: str
    text: str
    buttons: list[Choice]
    image: str | None


class Answers(Struct):
    """What the shop replied."""

    replies: list[Answer]


class Item(Struct):
    """One message of the conversation, of either side."""

    id: str
    side: Literal["customer", "shop"]
    sender: str
    name: str | None
    at: datetime
    text: str
    buttons: list[Choice]
    image: str | None


class History(Struct):
    """The conversation so far, oldest first."""

    messages: list[Item]


class Health(Struct, omit_defaults=True):
    """Whether a message would be answered now."""

    ready: bool
    detail: str | None = None  # why not
    telegram: str | None = None  # what is wrong with Telegram, when it is switched on


class Link(Struct):
    """Where the conversation goes on."""

    url: str


class Problem(Struct):
    """Why a request was refused."""

    detail: str


def answer_of(row: MessageRow) -> Answer:
    """A reply as the chat API gives it."""
    return Answer(str(row.id), row.text, _choices(row), picture_url(row.image))


def item_of(row: MessageRow) -> Item:
    """A message of the conversation as the chat API gives it."""
    return Item(
        id=str(row.id),
        side="customer" if row.direction == "in" else "shop",
        sender=row.sender,
        name=row.sender_name,
        at=row.at,
        text=row.text,
        buttons=_choices(row),
        image=picture_url(row.image),
    )


def picture_url(image: str | None) -> str | None:
    """The path under which a picture of the shop pack, or of what was made for somebody, is served."""
    if not image:
        return None
    return f"/api/pictures/{image}" if token_in(image) else "/shop/images/" + image.removeprefix("images/")


def _choices(row: MessageRow) -> list[Choice]:
    return [Choice(str(button["title"]), str(button["payload"])) for button in row.buttons or ()]
