"""Automatic refill: the same again in a rhythm, begun with a yes, paused, changed and stopped in a word."""

from __future__ import annotations

from collections.abc import Sequence

from actions import consenting, placed, several
from actions.order_lines import title
from actions.turn import FALLBACK, SURE, Focus, Turn
from crm_store.models import OrderLineRow, RefillRow
from crm_store.refills import PAUSED, STOPPED
from one_to_one.answers import read_number, read_yes_no
from one_to_one.consent import Purpose
from one_to_one.every import LONGEST, Periods, days_in
from one_to_one.order_states import BOUGHT
from one_to_one.replies import Button

OFFERED = (7, 14, 30)
"""Rhythms that are offered when none was named, in days."""

ABOUT_ORDERS = frozenset(
    {"order_usual", "change", "affirm", "propose", "inform", "delivery", "nlu_fallback", "choose"}
)
"""Intents that a rhythm may be said with, right after an order, so that it means the order."""


async def take(turn: Turn) -> bool:
    """Read what shall become of a refill; False: the message is about something else."""
    about = turn.mentions("refilling.words.refill")
    days = rhythm_in(turn)
    if not about and not (days is not None and (_only_says_how_often(turn) or await _just_ordered(turn))):
        return False
    running = await turn.books.refills.running(turn.customer.id)
    turn.action, turn.may_ask = "action_tap_refill", False
    if running:
        await _change(turn, running[-1], days)
        return True
    lines = await _last_lines(turn)
    if turn.mentions("refilling.words.stop") or turn.mentions("refilling.words.pause"):
        turn.say("refilling.none", turn.buttons("propose"))
    elif not lines:
        turn.say("refilling.nothing_yet", turn.buttons("propose"))
    elif (named := several.meant(turn, [line.product for line in lines], by_name_only=True)) and (
        len(named) == 1
    ):
        _ask_rhythm_or_yes(turn, lines[named[0].place - 1], days)
    elif len(lines) > 1:
        _ask_which(turn, lines)
    else:
        _ask_rhythm_or_yes(turn, lines[0], days)
    return True


def _ask_rhythm_or_yes(turn: Turn, line: OrderLineRow, days: int | None) -> None:
    if days is None:
        _ask_rhythm(turn, line)
    else:
        _ask_to_begin(turn, line, days)


def _ask_which(turn: Turn, lines: Sequence[OrderLineRow]) -> None:
    """A refill is of one thing: ask which of an order of several."""
    ways = [Button(title(turn, line), f"refill:ask:{line.id}:this") for line in lines]
    turn.say("refilling.which", ways)


def rhythm_in(turn: Turn) -> int | None:
    """The days between two times that the message names."""

    def words(key: str) -> tuple[str, ...]:
        return turn.texts.words(f"refilling.words.{key}")

    periods = Periods(
        every=words("every"),
        other=words("other"),
        units={1: words("day"), 7: words("week"), 30: words("month")},
        whole={7: words("weekly"), 14: words("biweekly"), 30: words("monthly")},
    )
    return days_in(turn.said, periods, lambda text: read_number(text, turn.answers))


def _only_says_how_often(turn: Turn) -> bool:
    """Whether a rhythm is all there is to a message that nothing else was made of."""
    return turn.intent == FALLBACK and not turn.heard and not turn.theirs


async def _just_ordered(turn: Turn) -> bool:
    """Whether they ordered in this contact, so that a rhythm may be meant for that."""
    if turn.intent not in ABOUT_ORDERS and turn.confidence >= SURE:
        return False
    return await placed.just_ordered(turn) is not None


async def _last_lines(turn: Turn) -> list[OrderLineRow]:
    """What they ordered last, as far as it is still made."""
    latest = await turn.books.orders.placed(turn.customer.id, 1)
    lines = await turn.books.orders.lines(latest[0]) if latest else []
    return [line for line in lines if line.product in turn.pack.products]


async def _change(turn: Turn, refill: RefillRow, days: int | None) -> None:
    """Stop, pause, go on or another rhythm, as the words say; else how it stands."""
    if turn.mentions("refilling.words.stop"):
        await _do(turn, refill, "stop")
    elif turn.mentions("refilling.words.pause"):
        await _do(turn, refill, "pause")
    elif turn.mentions("refilling.words.resume"):
        await _do(turn, refill, "resume")
    elif days is not None:
        await turn.books.refills.change_rhythm(refill, days, turn.now)
        _tell(turn, refill, "refilling.changed")
    else:
        _tell(turn, refill, "refilling.paused_now" if refill.state == PAUSED else "refilling.stands")


async def _do(turn: Turn, refill: RefillRow, what: str) -> None:
    if what == "stop":
        await turn.books.refills.stop(refill)
        turn.say("refilling.stopped", turn.buttons("propose"), title=_title(turn, refill))
    elif what == "pause":
        await turn.books.refills.pause(refill)
        _tell(turn, refill, "refilling.paused_now")
    else:
        await turn.books.refills.resume(refill, turn.now)
        _tell(turn, refill, "refilling.goes_on")


def _tell(turn: Turn, refill: RefillRow, key: str) -> None:
    fields = {
        "title": _title(turn, refill),
        "quantity": turn.words.number(refill.quantity),
        "days": refill.every_days,
        "when": turn.words.weekday(refill.next_at),
    }
    ways = ("resume", "stop") if refill.state == PAUSED else ("pause", "rhythm", "stop")
    turn.add(turn.text(key, **fields), [_button(turn, refill, way) for way in ways])


def _button(turn: Turn, refill: RefillRow, what: str) -> Button:
    return turn.button(f"refill_{what}", f"refill:{refill.id}:{what}")


def _title(turn: Turn, refill: RefillRow) -> str:
    line = OrderLineRow(product=refill.product, options=refill.options, title=refill.product)
    return title(turn, line)


def _ask_rhythm(turn: Turn, line: OrderLineRow) -> None:
    offered = [turn.button(f"every_{days}", f"refill:begin:{line.id}:{days}") for days in OFFERED]
    turn.say("refilling.how_often", offered, title=title(turn, line))
    turn.wait_for("refill", f"{line.id}", over=True)


def _ask_other_rhythm(turn: Turn, refill: RefillRow) -> None:
    """Offer the rhythms that it hasn't."""
    other = [days for days in OFFERED if days != refill.every_days]
    ways = [turn.button(f"every_{days}", f"refill:{refill.id}:every:{days}") for days in other]
    turn.say("refilling.how_often", [*ways, _button(turn, refill, "pause")], title=_title(turn, refill))


def _ask_to_begin(turn: Turn, line: OrderLineRow, days: int) -> None:
    ways = [
        turn.button("refill_begin", f"refill:begin:{line.id}:{days}"),
        turn.button("skip_detail", "refill:no"),
    ]
    fields = {"title": title(turn, line), "quantity": turn.words.number(line.quantity), "days": days}
    words = turn.text("refilling.sure", price=turn.words.money(line.price * line.quantity), **fields)
    turn.add(words, ways)
    turn.wait_for("refill", f"{line.id}:{days}", over=True)


async def read(turn: Turn, focus: Focus) -> bool:
    """Read a yes, a no or a rhythm; False: the message is about something else."""
    number, _, named = focus["ref"].partition(":")
    days = rhythm_in(turn) or (int(named) if named else None)
    said = read_yes_no(turn.said, turn.answers)
    if said is False or turn.intent in ("deny", "decline"):
        turn.settle("refill")
        turn.say("refilling.not_begun")
        turn.may_ask = False
    elif days is not None and (said is True or turn.intent == "affirm" or not named):
        await _begin(turn, int(number), days)
    else:
        return False
    return True


async def tap_refill(turn: Turn) -> None:
    """Something was tapped about a refill."""
    what, turn.may_ask = turn.arguments, False
    if what[:1] == ["begin"]:
        line, days = turn.number(1), turn.number(2)
        if line is not None and days is not None and 1 <= days <= LONGEST:
            await _begin(turn, line, days)
            return
    elif what[:1] == ["no"]:
        turn.settle("refill")
        turn.say("refilling.not_begun")
        return
    elif what[:1] == ["ask"]:
        number = turn.number(1)
        bought = None if number is None else await turn.books.orders.line(number, turn.customer.id)
        if bought is not None and bought.product in turn.pack.products:
            await _ask(turn, bought, only=what[2:3] == ["this"])
            return
    number = turn.number(0)
    refill = None if number is None else await turn.books.refills.get(number, turn.customer.id)
    days, way = turn.number(2), "".join(what[1:2])
    if refill is None or refill.state == STOPPED:
        turn.say("lost.button", turn.buttons("propose", "help"))
    elif way == "every" and days is not None and 1 <= days <= LONGEST:
        await turn.books.refills.change_rhythm(refill, days, turn.now)
        _tell(turn, refill, "refilling.changed")
    elif way == "rhythm":
        _ask_other_rhythm(turn, refill)
    elif way in ("stop", "pause", "resume"):
        await _do(turn, refill, way)
    else:
        turn.say("lost.button", turn.buttons("propose", "help"))


async def _ask(turn: Turn, line: OrderLineRow, *, only: bool) -> None:
    """Ask how often it shall come; of an order of several first which, unless it is `only` this one."""
    order = await turn.books.orders.get(line.order_id, turn.customer.id)
    lines = [] if order is None else await turn.books.orders.lines(order)
    made = [one for one in lines if one.product in turn.pack.products]
    if only or len(made) < 2:
        _ask_rhythm(turn, line)
    else:
        _ask_which(turn, made)


async def _begin(turn: Turn, line_number: int, days: int) -> None:
    """Begin a refill of what they ordered; of the same thing there is one only."""
    line = await turn.books.orders.line(line_number, turn.customer.id)
    order = None if line is None else await turn.books.orders.get(line.order_id, turn.customer.id)
    turn.settle("refill")
    turn.may_ask = False
    if line is None or order is None or order.state not in BOUGHT or line.product not in turn.pack.products:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    same = [
        each
        for each in await turn.books.refills.running(turn.customer.id)
        if (each.product, each.options) == (line.product, line.options)
    ]
    if same:
        refill = same[0]
        await turn.books.refills.change_rhythm(refill, days, turn.now)
    else:
        refill = await turn.books.refills.begin(order, line, days, turn.now)
    _tell(turn, refill, "refilling.begun")
    if not (
        turn.consents.asked(Purpose.UNASKED)
        or turn.consents.private
        or consenting.asked_now(turn, Purpose.UNASKED)
    ):
        await consenting.ask_for(turn, Purpose.UNASKED)
