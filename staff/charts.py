"""The room of charts: how the shop does, day by day, each chart with its table. Nobody is named in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get

from crm_store.daily import Wanted
from crm_store.keeping_days import read_days
from one_to_one.cells import harmless
from one_to_one.language import Language
from one_to_one.roles import Role
from one_to_one.spans import Span, Step
from staff.console import Console
from staff.drawing import drawing
from staff.figures import NAMES, Chart, Column, Reckoning, charts, tiles
from staff.pages import drawn, language, texts_of
from staff.refusals import Refused
from staff.telling_figures import Teller, Unit
from staff.who import PLACE, Asked, may

ROOM = f"{PLACE}/charts"
RANGES = (7, 30, 90, 365)
USUAL = 30
"""Days that are shown unless others are asked for."""

DAILY = 92
"""Up to so many days are shown day by day, unless something else is asked for; more are shown as weeks."""

LONGEST = 731
CHANNELS = ("web", "telegram")
SCRIPTS = ("vega.js", "vega-lite.js", "vega-embed.js", "charts.js")


class NoSuchChart(Refused):
    """There is no chart of this name."""

    status = 404
    text = "refused.nothing"


@dataclass(frozen=True, slots=True)
class Shown:
    """Which days are shown, and which part of what happened on them."""

    span: Span
    step: Step
    fields: Mapping[str, str]  # as they stand in an address

    @property
    def wanted(self) -> Wanted:
        """What is to be read."""
        return Wanted(self.span, self.fields.get("channel", ""), self.fields.get("language", ""))

    def address(self, path: str = ROOM, **changed: str) -> str:
        """The page of this, or of something else; what is changed to "" is left out."""
        fields = {name: value for name, value in {**self.fields, **changed}.items() if value}
        return f"{path}?{urlencode(fields)}" if fields else path


class Charts(Controller):
    """How the shop does."""

    path = "/charts"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False

    @get("/")
    async def page(self, console: Console, request: Asked) -> Response[str]:
        """Every chart of a span of days."""
        words, teller = _words_of(console, request)
        shown = _shown(console, request)
        begun, seen = await _seen(console, shown)
        before, earlier = replace(shown, span=shown.span.before), None
        if begun is not None and begun <= before.span.first:
            _, earlier = await _seen(console, before)
        return drawn(
            console,
            request,
            "charts.html",
            colleague=request.user,
            scripts=SCRIPTS,
            begun=begun,
            charts=[Drawn.of(chart, teller, words) for chart in charts(seen, teller)],
            tiles=tiles(seen, earlier, teller),
            shown=shown,
            days=(shown.span.last - shown.span.first).days + 1,
            span=teller.span(shown.span.first, shown.span.last),
            teller=teller,
            ranges=RANGES,
            steps=list(Step),
            channels=CHANNELS,
            languages=list(Language),
        )

    @get("/{name:str}/table.csv")
    async def table(self, console: Console, request: Asked, name: str) -> Response[bytes]:
        """The table of a chart, as a file for spreadsheets. Raises NoSuchChart."""
        if name not in NAMES:
            raise NoSuchChart()
        words, teller = _words_of(console, request)
        shown = _shown(console, request)
        _, seen = await _seen(console, shown)
        chart = next(each for each in charts(seen, teller) if each.name == name)
        file = f"{name}-{shown.span.first}-{shown.span.last}.csv"
        return Response(
            _csv(chart, Drawn.of(chart, teller, words), words),
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"},
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as the page shows it."""

    chart: Chart
    titles: Mapping[str, str]  # of its columns
    first: str  # the title of the rows
    spec: Mapping[str, Any]

    @classmethod
    def of(cls, chart: Chart, teller: Teller, words: Mapping[str, str]) -> Drawn:
        """A chart with its words."""
        titles = {
            column.code: column.title or words[f"charts.column_{column.code}"] for column in chart.columns
        }
        first = words["charts.topic"] if chart.name == "topics" else words["charts.when"]
        spec = {} if chart.is_empty else drawing(chart, titles, teller.tell)
        return cls(chart, titles, first, spec)


def _words_of(console: Console, request: Asked) -> tuple[Mapping[str, str], Teller]:
    tongue = language(request)
    words = texts_of(console.texts, tongue)
    return words, Teller(console.pack, words, tongue)


def _shown(console: Console, request: Asked) -> Shown:
    today = console.clock().astimezone(ZoneInfo(console.pack.shop.time_zone)).date()
    return shown_of(request.query_params, today)


async def _seen(console: Console, shown: Shown) -> tuple[date | None, Reckoning]:
    """The shop's first day, and what is reckoned of the days that are shown."""
    now, zone = console.clock(), ZoneInfo(console.pack.shop.time_zone)
    read = await read_days(console.store, shown.wanted, zone, now)
    return read.begun, Reckoning.of(read, shown.span, shown.step, zone, now.astimezone(zone).date())


def shown_of(typed: Mapping[str, str], today: date) -> Shown:
    """What an address asks for; what makes no sense counts for nothing."""
    fields = {name: typed.get(name, "") for name in ("days", "since", "until", "by", "channel", "language")}
    known = {
        "by": list(Step),
        "channel": CHANNELS,
        "language": list(Language),
        "days": list(map(str, RANGES)),
    }
    fields = {name: value for name, value in fields.items() if value in known.get(name, (value,)) and value}
    since, until = _day(fields.pop("since", "")), _day(fields.pop("until", ""))
    if since is None and until is None:
        last, first = today, today - timedelta(days=int(fields.get("days", USUAL)) - 1)
    else:
        fields.pop("days", None)
        last = min(until or today, today)
        first = max(min(since or last - timedelta(days=USUAL - 1), last), last - timedelta(days=LONGEST - 1))
        fields |= {"since": first.isoformat(), "until": last.isoformat()}
    days = (last - first).days + 1
    step = Step(fields["by"]) if "by" in fields else Step.DAY if days <= DAILY else Step.WEEK
    if "since" not in fields and step is Step.WEEK and days > DAILY:
        first = step.begin(first)  # whole weeks, so that the first isn't lower than the others
    return Shown(Span(first, last), step, fields)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _csv(chart: Chart, shown: Drawn, words: Mapping[str, str]) -> bytes:
    """The table with plain numbers; the mark in front tells spreadsheets that it is UTF-8."""
    written = io.StringIO()
    lines = csv.writer(written)
    titles = (_titled(column, shown, words) for column in chart.columns)
    lines.writerow(map(harmless, (shown.first, *titles)))
    for row in chart.rows:
        name = row.key if chart.name != "topics" else row.label
        values = (_plain(column.values.get(row.key), column.unit) for column in chart.columns)
        lines.writerow([harmless(name), *values])
    return written.getvalue().encode("utf-8-sig")


def _titled(column: Column, shown: Drawn, words: Mapping[str, str]) -> str:
    title = shown.titles[column.code]
    unit = {Unit.SECONDS: "in_seconds", Unit.MINUTES: "in_minutes"}.get(column.unit)
    return words[f"charts.{unit}"].format(column=title) if unit else title


def _plain(value: float | None, unit: Unit) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if unit is Unit.COUNT else f"{value:.4g}"
