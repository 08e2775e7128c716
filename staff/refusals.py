"""What the console refuses: each with its HTTP status and the text that says what to do."""

from __future__ import annotations

from typing import ClassVar

from one_to_one.errors import DripwiseError


class Refused(DripwiseError):
    """The console can't do this."""

    status: ClassVar[int] = 400
    text: ClassVar[str] = "refused.strange"  # below `staff` in data/texts


class FromElsewhere(Refused):
    """A form came from another site, or without the page it belongs to."""

    status = 403
    text = "refused.elsewhere"


class NoText(Refused):
    """What was sent is no text."""


class NotAllowed(Refused):
    """The colleague's role doesn't cover this."""

    status = 403
    text = "refused.role"


class NoSuchCustomer(Refused):
    """There is no such customer, or nothing is left of them."""

    status = 404
    text = "refused.nothing"


class NoSuchMessage(Refused):
    """There is no such message, or nothing is left of it."""

    status = 404
    text = "refused.nothing"


class NotEntered(Refused):
    """Nobody has entered in this browser, or the session has ended."""

    status = 401
    text = "refused.entered"
