"""Requests that are refused: each with its HTTP status and a message that says what to do."""

from __future__ import annotations

from typing import ClassVar

from one_to_one.errors import DripwiseError


class Refusal(DripwiseError):
    """The request can't be served."""

    status: ClassVar[int] = 400

    @property
    def headers(self) -> dict[str, str]:
        """Headers that belong to the refusal."""
        return {}


class EmptyMessage(Refusal):
    """The message is empty. Send `text` with at least one visible character, or a `payload`."""


class TwoThingsAtOnce(Refusal):
    """The message has both `text` and `payload`. Send one of them."""


class UnknownPayload(Refusal):
    """This payload was never offered to this customer. Send the payload of a button they were shown."""


class StrangeQuery(Refusal):
    """The address has {name!r} after its question mark, unknown here or there twice. Leave it out."""


class TooLong(Refusal):
    """The text has {length} characters; the most is {most}. Send it in parts."""

    status = 413


class NoSession(Refusal):
    """There is no such session. Open one with POST /api/chat/sessions and send its token as `Bearer`."""

    status = 401

    @property
    def headers(self) -> dict[str, str]:
        """How to prove who is asking."""
        return {"WWW-Authenticate": "Bearer"}


class TooFast(Refusal):
    """Too many requests. Wait {seconds} s before the next one."""

    status = 429

    @property
    def headers(self) -> dict[str, str]:
        """When to come back, in seconds."""
        return {"Retry-After": str(self.details["seconds"])}


class NoTelegram(Refusal):
    """This shop is not on Telegram."""

    status = 404


class NoSuchPicture(Refusal):
    """The shop has no such picture."""

    status = 404


class NoSuchFile(Refusal):
    """There is no file {name} here. The front-end packages are fetched by `./dripwise up`."""

    status = 404


class NoSuchCopy(Refusal):
    """This link doesn't open anything, or no longer. Ask for your data again in the chat."""

    status = 404
