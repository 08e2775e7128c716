"""The one tree of errors. The docstring of a class is its message: what happened and what to do."""

from __future__ import annotations

import inspect


class DripwiseError(Exception):
    """Something went wrong in Dripwise. The cause is in the log."""

    def __init__(self, **details: object) -> None:
        """Keep the details that fill the places named in the docstring."""
        self.details = details
        message = " ".join(inspect.cleandoc(type(self).__doc__ or "").split())
        super().__init__(message.format(**details))


class BadPack(DripwiseError):
    """The shop pack {folder} can't be used: {count} problem(s).

    Run `./dripwise shop check {folder}` and mend them.
    """


class UnknownShop(DripwiseError):
    """There is no shop pack at {folder}. Known shops: {known}.

    Name one of them or give the path of a pack.
    """


class CrowdUnreadable(DripwiseError):
    """What was learned from customers can't be read from {file} ({cause}).

    Delete the file; it is made anew from the customer store.
    """


class UnknownCustomer(DripwiseError):
    """There is no customer {customer}. `./dripwise customer list` shows them all."""


class StoreUnreachable(DripwiseError):
    """The customer store at {url} can't be opened: {cause}.

    Check DRIPWISE_DATABASE_URL and that the server runs.
    """


class StoreTooNew(DripwiseError):
    """The customer store is at revision {found}, which this version of Dripwise doesn't know.

    Use the version that made it, or a newer one.
    """


class AlreadyMerged(DripwiseError):
    """{customer} can't be merged with {other}: they are one customer already."""


class NotMerged(DripwiseError):
    """{customer} has no merge that could be undone.

    See `./dripwise customer show {customer} --history`.
    """


class MergedSince(DripwiseError):
    """{customer} can't be parted yet: {later} came later. First run `./dripwise customer unmerge {later}`."""


class BadLink(DripwiseError):
    """This link is wrong, was used before, or has run out. Ask for a new one in the chat."""


class BadInvitation(DripwiseError):
    """This invitation is wrong, was used, or has run out. `./dripwise staff add NAME` makes another."""


class NeverOffered(DripwiseError):
    """The payload {payload!r} was never offered to this customer."""


class BotDown(DripwiseError):
    """The bot at {url} didn't answer: {cause}. The message waits in the inbox and is tried again."""


class BadTable(DripwiseError):
    """{file} can't be imported: {cause}."""


class BadSettings(DripwiseError):
    """The settings can't be used. {problems} The README lists all settings with their units."""


class PortTaken(DripwiseError):
    """Port {port} of {host} can't be used: {cause}.

    Stop the program that has it, or choose another port with `--port`.
    """


class HomeUnusable(DripwiseError):
    """The home folder {home} can't be used: {cause}. Set DRIPWISE_HOME to a folder that can be written to."""


class AlreadyUp(DripwiseError):
    """Dripwise is already running with the home folder {home} (process {pid}).

    Stop it first, or set DRIPWISE_HOME to another folder.
    """


class KeepsDying(DripwiseError):
    """The process `{name}` ended {times} times in a row right after its start. Its log, {log}, says why."""


class BadDate(DripwiseError):
    """{date!r} is no date. Write it as 2026-05-03, or with a time as 2026-05-03T14:00."""


class UnknownOrder(DripwiseError):
    """There is no order {order}. `./dripwise order list` shows them all."""


class CantMove(DripwiseError):
    """Order {order} is {state} and can't become {wanted}."""


class UnknownItem(DripwiseError):
    """The pack counts nothing called {item!r}. Name a product, or `module:option`."""
