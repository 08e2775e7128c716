"""When a person is wanted, or something went wrong: promises with an owner and a date."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from actions.turn import FALLBACK, Step, Turn
from crm_store.models import ComplaintRow
from one_to_one.opening import Opening
from one_to_one.shop import Shop

COMPLAINT = "action_complain"
"""What the log calls a complaint, whatever the bot took it for."""

OWNER = "staff"
"""Who keeps promises made in the chat, until a colleague takes them over."""

QUOTED = 60
"""Characters of a complaint that are repeated to the customer."""

PATIENCE = timedelta(days=3)
"""After this long nobody waits for a person any more."""

FRESH = timedelta(days=14)
"""After this long an open complaint no longer keeps the assistant from its work."""

GOING_ON = frozenset({"catalogue", "inform", "chitchat", "change", "choose", "order_usual", "deny", FALLBACK})
"""What more words about something that went wrong may be taken for."""

LAST_MINUTES = timedelta(minutes=30)
"""So shortly before the shop closes nobody is promised an answer before it does."""

STILL_ANSWERED = frozenset(
    {"action_human", "action_complain", "action_forget", "action_know_me", "action_language"}
)
"""What is answered even while a person is waited for."""


def is_waited_for(turn: Turn, step: Step) -> bool:
    """Whether the customer waits for a person, so that the assistant keeps out of the way.

    Somebody who comes back after a colleague answered, or long after, is ours again.
    """
    wanted = turn.customer.person_wanted_at
    if wanted is not None and turn.fresh and (_answered(turn, wanted) or turn.now - wanted > PATIENCE):
        turn.customer.person_wanted_at = None
    return turn.customer.person_wanted_at is not None and step.name not in STILL_ANSWERED


def _answered(turn: Turn, since: datetime) -> bool:
    return any(row.sender == "staff" and row.at >= since for row in turn.before)


async def wait(turn: Turn) -> None:
    """A short word while a person is on the way."""
    turn.say("people.passed_on", turn.buttons("bot"))
    turn.may_ask = False


async def human(turn: Turn) -> None:
    """The customer wants a person: promised, with a date; said honestly whether somebody is there."""
    turn.may_ask = False
    wanted = turn.customer.person_wanted_at
    if wanted is None:
        await turn.books.floor.ask(turn.customer, turn.message.id, turn.now)
        await _promise(turn, "person")
    if await turn.books.staff.present(turn.now):
        turn.say("people.here" if wanted is None else "people.still_waiting", turn.buttons("bot"))
    elif turn.pack.shop.opening is None:
        due = answered_by(turn.pack.shop, wanted or turn.now)
        turn.say("people.coming", turn.buttons("bot"), when=turn.words.weekday(due))
    else:
        turn.add(when_answered(turn, turn.pack.shop.opening), turn.buttons("bot"))


def when_answered(turn: Turn, opening: Opening, said: str = "people") -> str:
    """Nobody is at the desk: when somebody will be; `said` is above the texts `soon`, `opens`, `unknown`."""
    span = opening.next_span(turn.now)
    if span is None:
        return turn.text(f"{said}.unknown")
    if span[0] <= turn.now:
        return turn.text(f"{said}.soon", time=turn.words.time(span[1]))
    return turn.text(f"{said}.opens", when=turn.words.weekday(span[0]), time=turn.words.time(span[0]))


async def tap_bot(turn: Turn) -> None:
    """Back to the assistant."""
    await turn.books.floor.give_back(turn.customer, "customer", turn.now, seen=turn.message.id)
    turn.say("people.back", turn.buttons("propose", "help"))
    turn.may_ask = False


async def complain(turn: Turn) -> None:
    """Something went wrong: their words, an apology, what happens and by when. Nothing is sold or asked."""
    turn.may_ask, turn.action = False, COMPLAINT
    words = " ".join(turn.message.text.split())
    await turn.books.complaints.add(turn.customer.id, turn.message.id, words, turn.now)
    if turn.complained:
        turn.say("people.sorry_again", turn.buttons("human"), words=_quoted(turn, words))
        return
    due = await _promise(turn, "complaint")
    turn.settle("question", "proposal", "rating")
    turn.say(
        "people.sorry",
        turn.buttons("human"),
        words=_quoted(turn, words),
        when=turn.words.weekday(due),
    )


def goes_on(turn: Turn) -> bool:
    """Whether it goes on about what went wrong in this contact: nothing else is wanted or on the table."""
    if not turn.complained or turn.intent not in GOING_ON or turn.asks:
        return False
    wants = {one.topic for one in turn.heard if one.topic not in turn.pack.modules}
    waits = turn.waits_for("proposal") or turn.waits_for("order") or turn.waits_for("rating")
    return waits is None and not wants and not turn.theirs


def _quoted(turn: Turn, words: str) -> str:
    words = turn.words.quoted(words)
    return words if len(words) <= QUOTED else words[:QUOTED] + "…"


async def is_owed(turn: Turn) -> bool:
    """Whether a complaint of theirs waits to be solved."""
    return bool(await _waiting(turn))


async def _waiting(turn: Turn) -> list[ComplaintRow]:
    return [
        one
        for one in await turn.books.complaints.listed(turn.customer.id)
        if one.state == "open" and turn.now - one.at < FRESH
    ]


async def remind(turn: Turn) -> bool:
    """When they come back before a complaint is solved, say that it isn't forgotten; False: there is none."""
    recent = await _waiting(turn)
    if recent:
        turn.say("people.pending", turn.buttons("human"), when=turn.words.day(recent[-1].at))
    return bool(recent)


async def _promise(turn: Turn, what: str) -> datetime:
    """Somebody answers by the end of the next working day, or while the shop is open."""
    due = answered_by(turn.pack.shop, turn.now)
    await turn.books.promises.add(turn.customer.id, turn.message.id, what, OWNER, turn.now, due)
    return due


def answered_by(shop: Shop, now: datetime) -> datetime:
    """When a colleague will have answered: by the end of the hours that run or come next.

    Of hours that are nearly over those that follow count. Without hours it is the next working day.
    """
    span = shop.opening.next_span(now + LAST_MINUTES) if shop.opening is not None else None
    return next_working_day(now, shop.time_zone) if span is None else span[1]


def next_working_day(now: datetime, time_zone: str) -> datetime:
    """Six in the evening, in the shop's time zone, of the next day from Monday to Friday."""
    day = now.astimezone(ZoneInfo(time_zone)).replace(hour=18, minute=0, second=0, microsecond=0)
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
