"""Companies that buy here, who of them is whom, and orders that wait for somebody's yes."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import ApprovalRow, CompanyRow, InvitationRow, MemberRow

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of codes: nothing that could be taken for something else when it is read aloud."""

CODE = re.compile(
    rf"(?<![A-Za-z0-9])([{LETTERS}]{{4}})-([{LETTERS}]{{4}})-([{LETTERS}]{{4}})(?![A-Za-z0-9])", re.IGNORECASE
)
"""An invitation as it is typed, in capitals or not: 60 bits of chance."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody as a person of a company."""

    number: int  # of the membership; it says nothing about who they are
    company: str
    role: str
    terms: str  # what was agreed with the company, as the shop wrote it


def new_code() -> str:
    """An invitation nobody can guess."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def code_in(text: str) -> str | None:
    """The invitation somewhere in a message."""
    found = CODE.search(text)
    return None if found is None else "-".join(found.groups()).upper()


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


class Companies:
    """Who buys for whom."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, name: str, terms: str, at: datetime) -> CompanyRow:
        """A company, new or with new terms."""
        row = await self._session.get(CompanyRow, name)
        if row is None:
            row = CompanyRow(id=name, terms=terms, at=at)
            self._session.add(row)
        row.terms, row.at = terms, at
        await self._session.flush()
        return row

    async def get(self, name: str) -> CompanyRow | None:
        """A company by its id."""
        return await self._session.get(CompanyRow, name)

    async def listed(self) -> list[CompanyRow]:
        """All of them by id."""
        return list(await self._session.scalars(select(CompanyRow).order_by(CompanyRow.id)))

    async def invite(self, company: str, role: str, uses: int, at: datetime, until: datetime) -> str:
        """A code by which so many people enter a role of a company until then. Only its digest is kept."""
        code = new_code()
        self._session.add(
            InvitationRow(
                code_hash=_digest(code), company_id=company, role=role, left=uses, at=at, until=until
            )
        )
        await self._session.flush()
        return code

    async def enter(self, customer: str, code: str, at: datetime) -> Member | None:
        """Take an invitation up: from now on the customer belongs to the company. None: it isn't valid.

        Whoever is in another role or company changes over; whoever is in this one uses nothing up.
        """
        found = await self._session.scalar(
            select(InvitationRow).where(InvitationRow.code_hash == _digest(code), InvitationRow.until > at)
        )
        if found is None:
            return None
        member = await self.member(customer)
        if member is not None and (member.company, member.role) == (found.company_id, found.role):
            return member
        taken = (
            update(InvitationRow)
            .where(InvitationRow.id == found.id, InvitationRow.left > 0)
            .values(left=InvitationRow.left - 1)
            .returning(InvitationRow.id)
            .execution_options(synchronize_session=False)
        )
        if await self._session.scalar(taken) is None:
            return None
        await self.leave(customer, at)
        self._session.add(
            MemberRow(customer_id=customer, company_id=found.company_id, role=found.role, since=at)
        )
        await self._session.flush()
        return await self.member(customer)

    async def leave(self, customer: str, at: datetime) -> bool:
        """They don't belong to any company any more; False: they didn't."""
        ended = (
            update(MemberRow)
            .where(MemberRow.customer_id == customer, MemberRow.until.is_(None))
            .values(until=at)
            .returning(MemberRow.id)
            .execution_options(synchronize_session=False)
        )
        return bool((await self._session.scalars(ended)).all())

    async def member(self, customer: str) -> Member | None:
        """What company the customer belongs to, as what; None: to none."""
        found = (
            select(MemberRow, CompanyRow)
            .join(CompanyRow, CompanyRow.id == MemberRow.company_id)
            .where(MemberRow.customer_id == customer, MemberRow.until.is_(None))
            .order_by(MemberRow.since.desc(), MemberRow.id.desc())
            .limit(1)
        )
        row = (await self._session.execute(found)).first()
        if row is None:
            return None
        member, company = row.tuple()
        return Member(member.id, company.id, member.role, company.terms)

    async def members(self, company: str) -> list[MemberRow]:
        """Everybody who belongs to a company now, the longest first."""
        rows = select(MemberRow).where(MemberRow.company_id == company, MemberRow.until.is_(None))
        return list(await self._session.scalars(rows.order_by(MemberRow.since, MemberRow.id)))

    async def ask(
        self, customer: str, member: Member, order: int, total: Decimal, why: str, at: datetime
    ) -> ApprovalRow:
        """An order waits for somebody's yes from now on."""
        row = ApprovalRow(
            customer_id=customer,
            company_id=member.company,
            order_id=order,
            total=total,
            why=why,
            state="waiting",
            asked_at=at,
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def approval(self, number: int) -> ApprovalRow | None:
        """A question for a yes by its number."""
        return await self._session.get(ApprovalRow, number)

    async def of_order(self, order: int) -> ApprovalRow | None:
        """The last question about an order."""
        rows = select(ApprovalRow).where(ApprovalRow.order_id == order).order_by(ApprovalRow.id.desc())
        return await self._session.scalar(rows.limit(1))

    async def untold(self) -> list[ApprovalRow]:
        """What waits for a yes that nobody was asked for yet, oldest first."""
        return await self._approvals(ApprovalRow.told_at.is_(None))

    async def waiting(self, company: str) -> list[ApprovalRow]:
        """What waits for a yes in a company, oldest first."""
        return await self._approvals(ApprovalRow.company_id == company)

    async def waiting_of(self, customer: str) -> list[ApprovalRow]:
        """What a customer waits for, oldest first."""
        return await self._approvals(ApprovalRow.customer_id == customer)

    async def _approvals(self, whose: ColumnElement[bool]) -> list[ApprovalRow]:
        rows = select(ApprovalRow).where(whose, ApprovalRow.state == "waiting").order_by(ApprovalRow.id)
        return list(await self._session.scalars(rows))

    async def decide(self, approval: ApprovalRow, state: str, by: int | None, at: datetime) -> bool:
        """Say yes or no, once; False: it was decided before. `by`: the number of a membership."""
        decided = (
            update(ApprovalRow)
            .where(ApprovalRow.id == approval.id, ApprovalRow.state == "waiting")
            .values(state=state, decided_at=at, decided_by=by)
            .returning(ApprovalRow.id)
            .execution_options(synchronize_session=False)
        )
        done = await self._session.scalar(decided) is not None
        await self._session.refresh(approval)
        return done

    async def told(self, approvals: Sequence[ApprovalRow], at: datetime) -> None:
        """Whoever decides has heard of them."""
        for approval in approvals:
            approval.told_at = at
        await self._session.flush()
