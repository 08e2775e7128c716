"""Companies: their people buy what was agreed for their role, and dear things when somebody agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from one_to_one.language import Text

GROUP = "company"
"""The customer group of everybody who buys for a company; packs may keep options for it."""


class Doubt(StrEnum):
    """Why an order waits for somebody else's yes."""

    ABOVE_LIMIT = "above_limit"
    NOT_AGREED = "not_agreed"


@dataclass(frozen=True, slots=True)
class Agreed:
    """A product as a company wants it for a role."""

    product: str
    options: Mapping[str, str] = field(default_factory=dict)  # module -> code; other modules are free


@dataclass(frozen=True, slots=True)
class CompanyRole:
    """What somebody is in the company, and what that means for their orders."""

    code: str
    label: Text
    agreed: tuple[Agreed, ...] = ()
    limit: Decimal | None = None  # an order above it waits, in the shop's currency; None: none does
    only_agreed: bool = False  # whether anything else waits too
    approves: bool = False  # whether they decide about orders of others; their own never wait


@dataclass(frozen=True, slots=True)
class Company:
    """A company that buys here."""

    id: str
    name: Text
    roles: Mapping[str, CompanyRole]
    tax_id: str = ""


def doubt_about(role: CompanyRole, product: str, options: Mapping[str, str], total: Decimal) -> Doubt | None:
    """Why an order of this role has to wait; None: it needn't. `total` is the whole order's."""
    if role.approves:
        return None
    if role.only_agreed and not is_agreed(role, product, options):
        return Doubt.NOT_AGREED
    if role.limit is not None and total > role.limit:
        return Doubt.ABOVE_LIMIT
    return None


def is_agreed(role: CompanyRole, product: str, options: Mapping[str, str]) -> bool:
    """Whether something is what was agreed for a role, in every module the agreement names."""
    return any(
        agreed.product == product and agreed.options.items() <= dict(options).items()
        for agreed in role.agreed
    )
