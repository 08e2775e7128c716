"""`customer show --why`: the ranking behind the next question, and why others aren't asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from rich.console import Console
from rich.table import Table

from actions.explaining import because
from actions.hurrying import lines_of
from actions.people import FRESH
from crm_store.books import Books
from crm_store.models import ContactRow
from crm_store.past import orders_of
from one_to_one.crowd_shelf import CrowdShelf
from one_to_one.hurry import hurry
from one_to_one.insight import Insight
from one_to_one.insight_shelf import InsightShelf
from one_to_one.language import Language
from one_to_one.pack import read_pack
from one_to_one.planner import Considered, Silence, considered
from one_to_one.shop import ShopPack
from one_to_one.texts import Texts
from one_to_one.wording import Wording
from settings import ROOT, Settings

type Shown = dict[str, Any]

MESSAGES = 40
"""Of so many latest messages, those of the contact at hand tell whether the customer is in a hurry."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What the shop asks by."""

    pack: ShopPack
    texts: Texts
    insight: Insight  # what similar customers teach
    silence: timedelta  # ends a contact


def asker_of(settings: Settings) -> Asker:
    """The shop as it is set up."""
    pack = read_pack(settings.shop_folder)
    insight = replace(InsightShelf(settings.home)(), crowd=CrowdShelf(pack, settings.home).learned())
    return Asker(
        pack, Texts.read(ROOT / "data" / "texts"), insight, timedelta(minutes=settings.contact_minutes)
    )


async def why(books: Books, customer: str, asker: Asker, now: datetime) -> Shown:
    """The next question of a customer, as it would be chosen at `now`, as JSON."""
    row = await books.customers.get(customer)
    contact = await _contact(books, row.id, asker.silence, now)
    facts = await books.facts.believed(row.id, now, None if contact is None else contact.id)
    silence, ranking = considered(
        asker.pack,
        [fact for fact in facts if fact.topic in asker.pack.topics],
        await books.questions.ledger(row.id),
        0 if contact is None else contact.questions_spent,
        now,
        contact=None if contact is None else contact.id,
        history=await orders_of(books, row.id),
        insight=asker.insight,
    )
    silence = silence or await _busy(books, row.id, asker.texts, contact, now)
    first = next((one.topic for one in ranking if one.excluded is None), None)
    return {
        "next": first if silence is None else None,
        "silence": None if silence is None else silence.value,
        "ranking": [_shown(asker, one) for one in ranking],
    }


async def _contact(books: Books, customer: str, silence: timedelta, now: datetime) -> ContactRow | None:
    """The visit that goes on; None: the next message begins a new one."""
    latest = await books.contacts.latest(customer)
    over = latest is None or latest.ended or now - latest.last_at >= silence
    return None if over else latest


async def _busy(
    books: Books, customer: str, texts: Texts, contact: ContactRow | None, now: datetime
) -> Silence | None:
    """Why the moment is wrong, whatever may be asked."""
    row = await books.customers.get(customer)
    complaints = await books.complaints.listed(customer)
    if any(one.state == "open" and now - one.at < FRESH for one in complaints):
        return Silence.BUSY
    if row.person_wanted_at is not None or (row.focus or {}).get("kind", "proposal") != "proposal":
        return Silence.BUSY
    if contact is None:
        return None
    rows = [one for one in await books.messages.recent(customer, MESSAGES) if one.contact_id == contact.id]
    return None if hurry(lines_of(texts, rows)) is None else Silence.HURRY


def _shown(asker: Asker, one: Considered) -> Shown:
    known = asker.pack.shop.languages
    words = {tag: Wording(asker.texts, asker.pack, tag) for tag in known}
    return {
        "topic": one.topic,
        "gain": round(one.gain, 4),
        "burden": round(one.burden, 4),
        "value": round(one.value, 4),
        "excluded": None if one.excluded is None else one.excluded.value,
        "until": None if one.until is None else one.until.isoformat(),
        "confirms": one.stale is not None,
        "between": None if one.between is None else list(one.between),
        "because": {tag.value: because(words[tag], one) for tag in known} if one.gain > 0 else {},
    }


def print_why(shown: Shown, console: Console, zone: tzinfo) -> None:
    """The ranking as a table; times in the shop's time zone."""
    if shown["silence"] is not None:
        console.print(f"[bold]Nothing is asked now:[/bold] {shown['silence']}.")
    else:
        console.print(f"[bold]Next question:[/bold] {shown['next'] or 'none is worth asking'}")
    table = Table("topic", "gain", "burden", "value", "not now", "because", title_justify="left")
    table.title = "The ranking behind the next question"
    for row in shown["ranking"]:
        told = row["because"]
        sentence = told.get(Language.ENGLISH.value) or next(iter(told.values()), "")
        figures = (f"{row[name]:.3f}" for name in ("gain", "burden", "value"))
        table.add_row(row["topic"], *figures, _excluded(row, zone), sentence)
    console.print(table)


def _excluded(row: Shown, zone: tzinfo) -> str:
    if row["until"] is None:
        return row["excluded"] or ""
    return f"{row['excluded']} until {datetime.fromisoformat(row['until']).astimezone(zone):%Y-%m-%d}"
