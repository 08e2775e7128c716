"""Orders that wait for a yes of the company: asked, decided in the chat, and told on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions import placed, spelling_out
from actions.company import Standing, standing, standing_of
from actions.order_lines import listed, named, summary
from actions.turn import Focus, Turn
from crm_store.models import ApprovalRow, CustomerRow, MemberRow, MessageRow, OrderLineRow, OrderRow
from one_to_one.answers import read_yes_no
from one_to_one.company import Doubt, doubt_about
from one_to_one.language import Language
from one_to_one.order_states import OrderState
from one_to_one.quiet import is_quiet
from one_to_one.replies import Button

FOCUS = "approval"
RECENT = 50
"""How many of somebody's last messages are searched for the place where they talk."""


async def must_wait(turn: Turn, order: OrderRow) -> bool:
    """Whether a draft needs a yes of the company first: then it is asked for, and told. False: it needn't."""
    found = standing(turn)
    if found is None or order.state != OrderState.DRAFT:
        return False
    lines = await turn.books.orders.lines(order)
    doubts = (doubt_about(found.role, line.product, line.options, order.total) for line in lines)
    doubt = next(filter(None, doubts), None)
    if doubt is None or await _was_allowed(turn, order):
        return False
    await turn.books.orders.move(order, OrderState.AWAITING, turn.now, "customer")
    approval = await turn.books.companies.ask(
        turn.customer.id, found.member, order.id, order.total, doubt, turn.now
    )
    turn.settle("order", "proposal", "question", "detail")
    await _tell_waiting(turn, found, order, approval)
    await _tell_deciders(turn, found, approval)
    turn.may_ask = False
    return True


async def _was_allowed(turn: Turn, order: OrderRow) -> bool:
    """Whether somebody said yes to it, and it hasn't become dearer since."""
    last = await turn.books.companies.of_order(order.id)
    return last is not None and last.state == "yes" and order.total <= last.total


async def _tell_waiting(turn: Turn, found: Standing, order: OrderRow, approval: ApprovalRow) -> None:
    lines = await turn.books.orders.lines(order)
    key = "not_agreed" if approval.why == Doubt.NOT_AGREED else "above_limit"
    limit = "" if found.role.limit is None else turn.words.money(found.role.limit)
    fields = {**summary(turn, order, lines), "limit": limit, "company": found.company.name[turn.language]}
    turn.add(turn.text(f"company.waits.{key}", **fields), [_withdraw(turn, order)])


def _withdraw(turn: Turn, order: OrderRow) -> Button:
    return turn.button("cancel", f"cancel:{order.id}")


async def _tell_deciders(turn: Turn, found: Standing, approval: ApprovalRow) -> None:
    """Ask whoever decides in the company, where they talked last; in quiet hours it waits for their end."""
    deciding = await _deciding(turn, found)
    if not deciding:
        turn.say("company.nobody_decides", turn.buttons("human"))
    elif is_quiet(turn.pack.shop, turn.now):
        turn.say("company.asked_later", time=turn.pack.shop.quiet_until.strftime("%H:%M"))
    else:
        await _ask_all(turn, deciding, approval)


async def ask_deciders(turn: Turn, approval: ApprovalRow) -> bool:
    """Ask whoever decides once the quiet is over; False: nobody does, or the company is gone."""
    found = standing(turn)
    if found is None or found.company.id != approval.company_id:
        return False
    deciding = await _deciding(turn, found)
    await _ask_all(turn, deciding, approval)
    return bool(deciding)


async def _deciding(turn: Turn, found: Standing) -> list[MemberRow]:
    members = await turn.books.companies.members(found.company.id)
    return [one for one in members if (role := found.company.roles.get(one.role)) and role.approves]


async def _ask_all(turn: Turn, deciding: Sequence[MemberRow], approval: ApprovalRow) -> None:
    for one in deciding:
        customer = await turn.books.customers.get(one.customer_id)
        theirs = await _turn_of(turn, customer)
        await _ask(theirs, approval)
        await _push(turn, theirs)
    await turn.books.companies.told([approval], turn.now)


async def remind(turn: Turn) -> None:
    """Show who decides what waits for them: all at the beginning of a visit, then what they don't know."""
    found = standing(turn)
    if found is None or not found.role.approves:
        return
    waiting = [
        one
        for one in await turn.books.companies.waiting(found.company.id)
        if turn.fresh or one.told_at is None
    ]
    for approval in waiting:
        await _ask(turn, approval)
    if waiting:
        await turn.books.companies.told(waiting, turn.now)
        turn.may_ask = False


async def _ask(turn: Turn, approval: ApprovalRow) -> None:
    """Put an order that waits before somebody who decides."""
    order = await turn.books.orders.get(approval.order_id, approval.customer_id)
    asker = await turn.books.customers.get(approval.customer_id)
    member = await turn.books.companies.member(asker.id)
    who = standing_of(turn.pack, member)
    if order is None:
        return
    lines = await turn.books.orders.lines(order)
    told = summary(turn, order, lines) | _made(turn, lines)
    fields = told | {"who": await _name_of(turn, asker, who)}
    ways = [
        turn.button("approve", f"approve:{approval.id}:yes"),
        turn.button("refuse", f"approve:{approval.id}:no"),
    ]
    turn.add(turn.text(f"company.asks.{approval.why}", **fields), ways)
    turn.wait_for(FOCUS, approval.id, over=True)


def _made(turn: Turn, lines: Sequence[OrderLineRow]) -> dict[str, object]:
    """How it is made, as fields: of many parts under their headings, of several things one in a line."""
    if len(lines) > 1:
        return {"made": f"\n{listed(turn, lines)}\n"}
    [line] = lines
    product, groups = turn.pack.products.get(line.product), spelling_out.grouped_text(turn, line)
    made = {"made": f"\n{groups or turn.words.options(line.options)}\n"}
    if not groups or product is None:
        return dict(made)
    return {**made, **named(turn, [(product.name[turn.language], line.quantity)])}


async def _name_of(turn: Turn, asker: CustomerRow, found: Standing | None) -> str:
    """What they want to be called, if they said so, with their role."""
    role = turn.text("company.somebody") if found is None else found.role.label[turn.language]
    named = [fact for fact in await turn.books.facts.believed(asker.id) if _is_name(turn, fact.topic)]
    if not named:
        return role
    return turn.text("company.named", name=named[-1].value, role=role)


def _is_name(turn: Turn, topic: str) -> bool:
    return topic in turn.pack.topics and turn.pack.topics[topic].kind == "name"


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as a yes or no to an order of a colleague; False: it is about something else."""
    said = read_yes_no(turn.said, turn.answers)
    if said is None and not turn.heard and turn.intent in ("affirm", "deny", "decline"):
        said = turn.intent == "affirm"
    if said is None:
        return False
    await _decide(turn, int(focus["ref"]), said)
    return True


async def tap_approve(turn: Turn) -> None:
    """Yes or no was tapped."""
    number, said = turn.number(0), "".join(turn.arguments[1:2])
    if number is None or said not in ("yes", "no"):
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    await _decide(turn, number, said == "yes")


async def _decide(turn: Turn, number: int, yes: bool) -> None:
    turn.settle(FOCUS)
    turn.may_ask = False
    found, approval = standing(turn), await turn.books.companies.approval(number)
    if (
        approval is None
        or found is None
        or approval.company_id != found.company.id
        or not found.role.approves
    ):
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    if not await turn.books.companies.decide(approval, "yes" if yes else "no", found.member.number, turn.now):
        turn.say(f"company.decided_before.{approval.state}")
        return
    await turn.books.audit.record(
        "customer", "decided about an order", approval.customer_id, turn.now, order=approval.order_id, yes=yes
    )
    turn.say("company.yes_said" if yes else "company.no_said", number=approval.order_id)
    await _carry_out(turn, found, approval, yes)


async def _carry_out(turn: Turn, found: Standing, approval: ApprovalRow, yes: bool) -> None:
    """Place the order or drop it, and tell whoever waits for it."""
    order = await turn.books.orders.get(approval.order_id, approval.customer_id)
    if order is None or order.state != OrderState.AWAITING:
        return
    theirs = await _turn_of(turn, await turn.books.customers.get(approval.customer_id))
    company, number = found.company.name[theirs.language], order.id
    if yes:
        await turn.books.orders.move(order, OrderState.DRAFT, turn.now, "company")
        theirs.say("company.allowed", company=company, number=number)
        again = await placed.place(theirs, order)
        if again is not None:
            theirs.say("company.look_again", theirs.buttons(f"confirm:{order.id}", f"cancel:{order.id}"))
            theirs.wait_for("order", order.id)
    else:
        await turn.books.orders.cancel(order, turn.now, "company")
        theirs.say("company.refused", theirs.buttons("propose"), company=company, number=number)
    await _push(turn, theirs)


async def waiting_order(turn: Turn) -> OrderRow | None:
    """The order a tapped button belongs to, if it waits for a yes."""
    number = turn.number(0)
    order = None if number is None else await turn.books.orders.get(number, turn.customer.id)
    return order if order is not None and order.state == OrderState.AWAITING else None


async def withdraw(turn: Turn, order: OrderRow) -> bool:
    """Take back an order that waits; False: it doesn't wait."""
    if order.state != OrderState.AWAITING:
        return False
    last = await turn.books.companies.of_order(order.id)
    if last is not None:
        await turn.books.companies.decide(last, "withdrawn", None, turn.now)
    await turn.books.orders.cancel(order, turn.now)
    return True


async def tell_waiting(turn: Turn) -> bool:
    """Tell somebody who asks after an order what it waits for; False: none waits."""
    waiting = await turn.books.companies.waiting_of(turn.customer.id)
    found = standing(turn)
    if not waiting or found is None:
        return False
    order = await turn.books.orders.get(waiting[-1].order_id, turn.customer.id)
    if order is None:
        return False
    await _tell_waiting(turn, found, order, waiting[-1])
    turn.may_ask = False
    return True


async def status(turn: Turn) -> None:
    """How the last order stands, one that waits included."""
    if not await tell_waiting(turn):
        await placed.status(turn)


async def _turn_of(turn: Turn, customer: CustomerRow) -> Turn:
    """A turn of somebody else, to say something to them in their language."""
    contact = await turn.books.contacts.latest(customer.id)
    return replace(
        turn,
        customer=customer,
        contact=contact or turn.contact,
        before=await turn.books.messages.recent(customer.id, RECENT),
        language=Language(customer.language),
        member=await turn.books.companies.member(customer.id),
        heard=(),
        theirs=(),
        facts=await turn.books.facts.believed(customer.id),
        replies=[],
        past=None,
        learned=[],
        confirmed=[],
        ended=[],
        wished=[],
        held=[],
        wants_consent=[],
        placed=False,
    )


async def _push(turn: Turn, theirs: Turn) -> None:
    """Say what a turn of somebody else came to, where they talked last."""
    channel, target = _place(theirs.before)
    for reply in theirs.replies:
        await turn.books.messages.push(
            theirs.customer.id, reply, channel, turn.now, target=target, language=theirs.language
        )


def _place(before: Sequence[MessageRow]) -> tuple[str, str | None]:
    said = [row for row in before if row.direction == "in"]
    return (said[-1].channel, said[-1].target) if said else ("web", None)
