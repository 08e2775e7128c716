"""The colleagues who answer customers: their accounts, invitations and sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.customers import hashed
from crm_store.models import StaffLinkRow, StaffRow, StaffSessionRow
from one_to_one.errors import BadInvitation
from one_to_one.roles import Role

INVITED_FOR = timedelta(days=3)
"""How long an invitation is good."""

IDLE = timedelta(hours=2)
"""A session that nobody used for so long has ended."""

LONGEST = timedelta(hours=12)
"""A session ends after so long, used or not."""

FREE_TRIES = 5
"""After so many wrong tries in a row every further one has to wait."""

PRESENT = timedelta(seconds=100)
"""Who wasn't heard of for so long isn't here; open pages are heard of at least twice as often."""

LONGEST_WAIT = timedelta(hours=1)


class Staff:
    """The colleagues, by name."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, name: str, at: datetime, role: Role = Role.AGENT) -> StaffRow:
        """A colleague; one who is there already is returned as they are."""
        row = await self.named(name)
        if row is None:
            row = StaffRow(name=name, created_at=at, role=role.value)
            self._session.add(row)
            await self._session.flush()
        return row

    async def named(self, name: str) -> StaffRow | None:
        """The colleague of this name; None: there is none."""
        row: StaffRow | None = await self._session.scalar(select(StaffRow).where(StaffRow.name == name))
        return row

    async def listed(self) -> list[StaffRow]:
        """All colleagues, by name."""
        return list(await self._session.scalars(select(StaffRow).order_by(StaffRow.name)))

    async def invite(self, colleague: StaffRow, token: str, at: datetime) -> None:
        """Let whoever holds the token choose the colleague's password; earlier invitations end."""
        await self._session.execute(delete(StaffLinkRow).where(StaffLinkRow.staff_id == colleague.id))
        row = StaffLinkRow(token_hash=hashed(token), staff_id=colleague.id, expires_at=at + INVITED_FOR)
        self._session.add(row)
        await self._session.flush()

    async def invited(self, token: str, at: datetime) -> StaffRow:
        """The colleague an invitation is for. Raises BadInvitation."""
        link = await self._session.get(StaffLinkRow, hashed(token))
        if link is None or link.expires_at <= at:
            raise BadInvitation()
        return await self._session.get_one(StaffRow, link.staff_id)

    async def accept(self, token: str, password: str, secret: str, step: int, at: datetime) -> StaffRow:
        """Use an invitation up: a hashed password, a secret for codes, the step of the code just seen.

        Whatever sessions the colleague had end. Raises BadInvitation.
        """
        row = await self.invited(token, at)
        gone = delete(StaffLinkRow).where(StaffLinkRow.token_hash == hashed(token))
        used = await self._session.execute(gone.returning(StaffLinkRow.staff_id))
        if used.first() is None:  # somebody else was quicker
            raise BadInvitation()
        row.password, row.totp_secret, row.totp_step = password, secret, step
        row.failures, row.locked_until = 0, None
        await self._session.execute(delete(StaffLinkRow).where(StaffLinkRow.staff_id == row.id))
        await self.end_sessions(row)
        return row

    async def failed(self, colleague: StaffRow, at: datetime) -> None:
        """A wrong try: after five in a row the next one waits a minute, then twice as long each time."""
        colleague.failures += 1
        beyond = colleague.failures - FREE_TRIES
        if beyond > 0:
            colleague.locked_until = at + min(timedelta(minutes=2 ** min(beyond - 1, 10)), LONGEST_WAIT)
        await self._session.flush()

    async def entered(self, colleague: StaffRow, step: int, token: str, at: datetime) -> None:
        """Open a session with a token; `step` is that of the code they gave, which is used up."""
        colleague.failures, colleague.locked_until, colleague.totp_step = 0, None, step
        await self._session.execute(delete(StaffSessionRow).where(_over(at)))
        row = StaffSessionRow(token_hash=hashed(token), staff_id=colleague.id, created_at=at, seen_at=at)
        self._session.add(row)
        await self._session.flush()

    async def by_session(self, token: str, at: datetime) -> StaffRow | None:
        """Who a session's token belongs to; None: it has ended, or never was."""
        found = (
            select(StaffRow)
            .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
            .where(StaffSessionRow.token_hash == hashed(token), ~_over(at))
        )
        row: StaffRow | None = await self._session.scalar(found)
        return row

    async def seen(self, token: str, at: datetime) -> None:
        """The session was used: it isn't idle."""
        row = await self._session.get(StaffSessionRow, hashed(token))
        if row is not None:
            row.seen_at = at

    async def here(self, colleague: str, at: datetime) -> None:
        """A page of theirs is open at this moment."""
        row = await self.named(colleague)
        if row is not None:
            row.here_at = at

    async def away(self, colleague: str, away: bool) -> StaffRow | None:
        """They are away for customers, or here again; None: there is no such colleague."""
        row = await self.named(colleague)
        if row is not None:
            row.away = away
        return row

    async def present(self, at: datetime) -> list[StaffRow]:
        """Who is here for customers: a page of theirs is open, and they didn't say that they are away."""
        rows = select(StaffRow).where(
            StaffRow.here_at > at - PRESENT, StaffRow.away.is_(False), StaffRow.role != Role.REVIEWER.value
        )
        return list(await self._session.scalars(rows.order_by(StaffRow.name)))

    async def leave(self, token: str) -> None:
        """End one session."""
        gone = delete(StaffSessionRow).where(StaffSessionRow.token_hash == hashed(token))
        await self._session.execute(gone)

    async def end_sessions(self, colleague: StaffRow) -> None:
        """End every session of a colleague."""
        await self._session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == colleague.id))


def _over(at: datetime) -> ColumnElement[bool]:
    """Sessions that have ended."""
    return or_(StaffSessionRow.seen_at <= at - IDLE, StaffSessionRow.created_at <= at - LONGEST)
