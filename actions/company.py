"""Buying for a company: entering it by an invitation, what was agreed for one's role, and leaving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from actions.turn import Turn
from crm_store.companies import Member, code_in
from crm_store.models import ProposalRow
from one_to_one.company import Agreed, Company, CompanyRole
from one_to_one.configuring.workshop import Made, workshop_of
from one_to_one.pack.company_file import company_of
from one_to_one.replies import Button
from one_to_one.shop import ShopPack

MOST_TRIES = 5
"""Wrong invitations in one visit after which no more are looked at."""

WRONG = "company_wrong_code"
"""What the log calls a message with an invitation that is none."""

SHORT = 40
"""Characters within which a word about invitations is all there is to a message."""

SHOWN = 5
"""Agreed products that are shown at once."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is, in which company."""

    member: Member
    company: Company
    role: CompanyRole


def standing_of(pack: ShopPack, member: Member | None) -> Standing | None:
    """The company and the role of a member, as they stand today; None when there is none (any more)."""
    company = None if member is None else company_of(member.company, member.terms, pack)
    if member is None or company is None or member.role not in company.roles:
        return None
    return Standing(member, company, company.roles[member.role])


def standing(turn: Turn) -> Standing | None:
    """The same of the customer of this turn."""
    return standing_of(turn.pack, turn.member)


async def take_code(turn: Turn) -> bool:
    """If the message holds an invitation, enter by it; False: it holds none."""
    code = code_in(turn.said)
    if code is None:
        return _tell_how(turn)
    turn.may_ask = False
    if sum(row.action == WRONG for row in turn.before if row.contact_id == turn.contact.id) >= MOST_TRIES:
        turn.say("company.too_many", turn.buttons("human"))
        turn.action = WRONG
        return True
    turn.member = await turn.books.companies.enter(turn.customer.id, code, turn.now)
    found = standing(turn)
    if found is None:
        turn.say("company.unknown_code", turn.buttons("human"))
        turn.action = WRONG
        return True
    turn.action = "company_entered"
    await turn.books.audit.record(
        "customer", "entered a company", turn.customer.id, turn.now,
        company=found.company.id, role=found.role.code,
    )  # fmt: skip
    _welcome(turn, found)
    if found.role.agreed:
        await lay_out(turn, found)
    return True


def _tell_how(turn: Turn) -> bool:
    """If they only speak of an invitation, say what to do with it; False: they don't."""
    if turn.heard or len(turn.said) > SHORT or not turn.mentions("company.code_words"):
        return False
    turn.say("company.how", turn.buttons("human"))
    turn.action, turn.may_ask = "company_how", False
    return True


def _welcome(turn: Turn, found: Standing) -> None:
    said = [turn.text("company.entered", **_called(turn, found))]
    if found.role.approves:
        said.append(turn.text("company.you_decide"))
    elif found.role.limit is not None:
        said.append(turn.text("company.limit", limit=turn.words.money(found.role.limit)))
    turn.add("\n".join(said), [*turn.buttons("propose"), leave_button(turn)])


def _called(turn: Turn, found: Standing) -> dict[str, str]:
    return {"company": found.company.name[turn.language], "role": found.role.label[turn.language]}


def leave_button(turn: Turn) -> Button:
    """The way out."""
    return turn.button("leave", "leave")


async def tap_leave(turn: Turn) -> None:
    """They no longer buy for their company."""
    found = standing(turn)
    turn.may_ask = False
    if not await turn.books.companies.leave(turn.customer.id, turn.now):
        turn.say("company.none")
        return
    await turn.books.audit.record("customer", "left a company", turn.customer.id, turn.now)
    turn.member = None
    turn.say("company.left", turn.buttons("propose"), company=_name(turn, found))


def _name(turn: Turn, found: Standing | None) -> str:
    return "" if found is None else found.company.name[turn.language]


def remembered(turn: Turn) -> str | None:
    """For whom they buy, as it is told to somebody who asks what is known; None: for themselves."""
    found = standing(turn)
    return None if found is None else turn.text("company.known", **_called(turn, found))


async def propose(turn: Turn) -> bool:
    """Propose what was agreed for their role, if they ask for nothing in particular; False: they do."""
    found = standing(turn)
    plain = not turn.heard and not turn.theirs and not turn.mentions("proposing.others")
    if found is None or not plain or not _made(turn, found):
        return False
    await lay_out(turn, found)
    return True


async def lay_out(turn: Turn, found: Standing) -> None:
    """Put what was agreed for a role on the table."""
    items = _made(turn, found)
    if not items:
        return
    lines = [turn.text("company.agreed", **_called(turn, found))]
    for number, (agreed, made) in enumerate(items, start=1):
        product = turn.pack.products[agreed.product]
        lines.append(
            turn.text(
                "company.line",
                number=number,
                title=turn.words.title(product, agreed.options),
                price=turn.words.money(made.price),
            )
        )
    proposal = await _write(turn, items)
    buttons = [
        turn.button("choose", f"choose:{proposal.id}:{n}", number=n, name=_product_name(turn, agreed))
        for n, (agreed, _) in enumerate(items, start=1)
    ]
    turn.add("\n".join(lines), [*buttons, turn.button("other", f"other:{proposal.id}")])
    turn.wait_for("proposal", proposal.id)
    turn.may_ask = False


def _product_name(turn: Turn, agreed: Agreed) -> str:
    return turn.pack.products[agreed.product].name[turn.language]


def _made(turn: Turn, found: Standing) -> list[tuple[Agreed, Made]]:
    """What was agreed and can be made today, everything else about it as it is best."""
    workshop = workshop_of(turn.pack)
    day = turn.now.astimezone(ZoneInfo(turn.pack.shop.time_zone)).date()
    made = (
        (agreed, workshop.best(product=agreed.product, picks=agreed.options, groups=turn.groups, day=day))
        for agreed in found.role.agreed
        if turn.pack.products[agreed.product].stock > 0
    )
    return [(agreed, one) for agreed, one in made if one is not None][:SHOWN]


async def _write(turn: Turn, items: Sequence[tuple[Agreed, Made]]) -> ProposalRow:
    kept = [
        {
            "product": made.product,
            "options": dict(made.options),
            "price": str(made.price),
            "cost": str(made.cost),
            "facts": [],
            "assumed": [name for name in made.options if name not in agreed.options],
            "novel": False,
            "score": 0.0,
            "new_in": [],
            "pushed": False,
            "alike": False,
            "offer": None,
        }
        for agreed, made in items
    ]
    shop = turn.pack.shop
    return await turn.books.proposals.add(
        turn.customer.id, turn.contact.id, turn.message.id, turn.now, shop.currency, kept
    )
