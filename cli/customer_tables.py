"""One customer on the owner's screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Any

from babel.core import UnknownLocaleError
from babel.numbers import UnknownCurrencyError, format_currency
from rich.console import Console
from rich.table import Table

type Shown = dict[str, Any]
type Column = Callable[[Shown], str]

LOCALE = "en"
"""The owner's command line speaks English."""


def print_customer(shown: Shown, console: Console, zone: tzinfo) -> None:
    """Print what `show` gave as tables; times are in the shop's time zone."""
    console.print(f"[bold]{shown['id']}[/bold]  {shown['language']}")
    for title, rows, columns in _tables(shown, zone):
        if rows:
            console.print(_table(title, rows, columns))
    if not shown["facts"]:
        console.print("Nothing is believed about this customer.")


def print_fact(told: Shown, console: Console, zone: tzinfo) -> None:
    """Print why a fact is believed, as `explain` told it."""
    state = "believed" if told["believed"] else "no longer believed"
    console.print(f"[bold]{told['topic']}: {told['value']}[/bold] ({told['polarity']}), {state}")
    stale = "; stale, to be asked again" if told["stale"] else ""
    if told["confidence_now"] is not None:
        console.print(
            f"Confidence {told['confidence']:.0%} when last said, {told['confidence_now']:.0%} now:"
            f" it halves every {told['half_life_days']} days{stale}."
        )
    others = {"topic": told["topic"]}
    for title, rows, columns in (
        ("Said", told["said"], _tellings(zone)),
        ("Took the place of", told["instead_of"], _others(zone)),
        ("Gave way to", told["gave_way_to"], _others(zone)),
    ):
        if rows:
            console.print(_table(title, [others | row for row in rows], columns))


def _tellings(zone: tzinfo) -> dict[str, Column]:
    return {
        "fact": text("fact"),
        "at": lambda row: time(row["at"], zone),
        "by": text("channel"),
        "how": lambda row: f"{'said' if row['stated'] else 'inferred'} {row['confidence']:.0%}",
        "words": text("words"),
        "message": lambda row: f"{row['message'] or ''} {row['text'] or ''}".strip(),
    }


def _others(zone: tzinfo) -> dict[str, Column]:
    return {
        "fact": text("fact"),
        "value": text("value"),
        "": text("polarity"),
        "since": lambda row: time(row["since"], zone),
    }


def _table(title: str, rows: Sequence[Shown], columns: dict[str, Column]) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(column(row) for column in columns.values()))
    return table


def _tables(shown: Shown, zone: tzinfo) -> list[tuple[str, Sequence[Shown], dict[str, Column]]]:
    def day(name: str) -> Column:
        return lambda row: time(row[name], zone)

    return [
        (
            "Known as",
            shown["identities"],
            {"channel": text("channel"), "name": text("external_id"), "since": day("verified_at")},
        ),
        ("Facts", shown["facts"], _facts(zone)),
        ("Questions", shown["questions"], {"topic": text("topic"), "state": text("state"), "at": day("at")}),
        (
            "Consents",
            shown["consents"],
            {"purpose": text("purpose"), "state": text("state"), "at": day("at")},
        ),
        ("Contacts", shown["contacts"][-10:], _contacts(zone)),
        ("Proposals", shown["proposals"][-10:], _proposals(zone)),
        ("Orders", shown["orders"][-20:], _orders(zone)),
        (
            "Complaints",
            shown["complaints"],
            {"at": day("at"), "words": text("words"), "state": text("state")},
        ),
        (
            "Unmet wishes",
            shown["unmet_wishes"],
            {"at": day("at"), "words": text("words"), "thing": text("thing")},
        ),
        (
            "Every version of every fact",
            shown.get("history", ()),
            {"fact": text("id")} | _facts(zone) | {"recorded": day("recorded"), "words": text("words")},
        ),
        ("Merges", shown.get("merges", ()), _merges(zone)),
        ("Messages", shown.get("messages", ()), _messages(zone)),
    ]


def text(name: str) -> Column:
    """The value as it is."""
    return lambda row: "" if row[name] is None else str(row[name])


def time(at: str | None, zone: tzinfo) -> str:
    """A time in the shop's time zone, to the minute."""
    return "" if at is None else f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M}"


def money(amount: str, currency: str) -> str:
    """An amount as people write it."""
    try:
        return format_currency(amount, currency, locale=LOCALE)
    except (UnknownCurrencyError, UnknownLocaleError):
        return f"{currency} {amount}"


def _facts(zone: tzinfo) -> dict[str, Column]:
    return {
        "topic": text("topic"),
        "value": lambda row: f"{row['value']}{' (provisional)' if row.get('provisional') else ''}",
        "": text("polarity"),
        "how": lambda row: f"{'said' if row['stated'] else 'inferred'} {row['confidence']:.0%}",
        "since": lambda row: time(row["since"], zone),
        "until": lambda row: time(row["until"], zone),
        "from": lambda row: f"{row['source']['channel']} {row['source']['message'] or ''}".strip(),
    }


def _contacts(zone: tzinfo) -> dict[str, Column]:
    return {
        "channel": text("channel"),
        "from": lambda row: time(row["start"], zone),
        "to": lambda row: time(row["end"], zone),
        "questions": text("questions"),
    }


def _proposals(zone: tzinfo) -> dict[str, Column]:
    return {
        "at": lambda row: time(row["at"], zone),
        "products": lambda row: ", ".join(str(item["product"]) for item in row["items"]),
        "outcome": text("outcome"),
    }


def _orders(zone: tzinfo) -> dict[str, Column]:
    return {
        "at": lambda row: time(row["at"], zone),
        "state": text("state"),
        "lines": lambda row: (
            ", ".join(_line(line) for line in row["lines"][:5]) + ("…" if len(row["lines"]) > 5 else "")
        ),
        "total": lambda row: money(row["total"], row["currency"]),
    }


def _line(line: Shown) -> str:
    rated = f" ({line['rating']})" if line["rating"] else ""
    return f"{line['quantity']} × {line['title']}{rated}"


def _merges(zone: tzinfo) -> dict[str, Column]:
    return {
        "at": lambda row: time(row["at"], zone),
        "absorbed": text("absorbed"),
        "into": text("kept"),
        "because": lambda row: ", ".join(f"{name} {value}" for name, value in row["evidence"].items()),
        "undone": lambda row: time(row["undone"], zone),
    }


def _messages(zone: tzinfo) -> dict[str, Column]:
    return {
        "": text("id"),
        "at": lambda row: time(row["at"], zone),
        "who": text("sender"),
        "text": text("text"),
        "understood": lambda row: " ".join(filter(None, (row["intent"], row["action"]))),
    }
