"""What Dripwise says: a text, perhaps with buttons and a picture."""

from __future__ import annotations

from dataclasses import dataclass

PAYLOAD_BYTES = 64
"""The longest payload of a button, in bytes of UTF-8: the limit of Telegram's callback data."""


EXPORT = "export"
"""The document that holds everything kept about the customer, made when it is sent."""


@dataclass(frozen=True, slots=True)
class Button:
    """A way on that the customer can tap instead of typing."""

    title: str
    payload: str  # `verb[:argument…]`, ASCII, at most PAYLOAD_BYTES


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the customer."""

    text: str
    buttons: tuple[Button, ...] = ()
    image: str | None = None  # path below the shop pack, such as "images/sunrise.svg"; None: no picture
    document: str | None = None  # what is sent along as a file: EXPORT; None: nothing
