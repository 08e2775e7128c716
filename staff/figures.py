"""What the charts show: each a table of figures, step by step of a span, and one sentence that says it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm_store.counting_days import Figure
from crm_store.keeping_days import Days
from one_to_one.spans import Span, Step, Trend, percentile, thirds
from staff.telling_figures import Teller, Unit

MEDIAN, SLOW = 0.5, 0.95
"""The shares of all times that are told: half of them, and nearly all."""

type Steps = Mapping[date, float | None]
"""A figure of each step; None: there is nothing to tell it by."""


class Mark(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"  # one on the other, step by step
    LINES = "lines"
    ACROSS = "across"  # bars from left to right, one per row


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a chart."""

    code: str  # its title is the text `charts.column_<code>`, unless it has one
    unit: Unit
    values: Mapping[str, float | None]  # by row
    title: str = ""
    drawn: bool = True  # False: in the table only


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: a step, or a topic."""

    key: str
    label: str
    short: str  # on the axis
    so_far: bool = False  # it isn't over


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart with its table."""

    name: str
    mark: Mark
    rows: Sequence[Row]
    columns: Sequence[Column]
    sentence: str

    @property
    def drawn(self) -> list[Column]:
        """The figures that are drawn."""
        return [column for column in self.columns if column.drawn]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(
            value if column.unit is Unit.COUNT else value is not None
            for column in self.drawn
            for value in column.values.values()
        )


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the whole span, and how it compares with as many days before."""

    code: str
    value: str
    change: str  # "": nothing to compare it with


@dataclass(frozen=True)
class Reckoning:
    """The counts of a span of days, put together as the charts need them."""

    read: Days
    span: Span
    step: Step
    zone: ZoneInfo
    today: date
    keyed: Mapping[tuple[str, str], Counter[date]] = field(
        default_factory=dict
    )  # figure, key -> day -> count
    channels: Mapping[str, Counter[date]] = field(default_factory=dict)
    languages: Mapping[str, Counter[date]] = field(default_factory=dict)
    times: Mapping[date, Counter[float]] = field(default_factory=dict)  # seconds of the bot's answers

    @classmethod
    def of(cls, read: Days, span: Span, step: Step, zone: ZoneInfo, today: date) -> Reckoning:
        """Put the counts together; days before the shop's first one are left out."""
        if read.begun is not None and span.first < read.begun <= span.last:
            span = Span(read.begun, span.last)
        keyed: dict[tuple[str, str], Counter[date]] = defaultdict(Counter)
        channels: dict[str, Counter[date]] = defaultdict(Counter)
        languages: dict[str, Counter[date]] = defaultdict(Counter)
        times: dict[date, Counter[float]] = defaultdict(Counter)
        for count in read.counts:
            if count.figure == Figure.ANSWER:
                times[count.day][int(count.key) / 100] += count.count
                continue
            keyed[count.figure, count.key if count.figure in KEYED else ""][count.day] += count.count
            if count.figure == Figure.CONTACT:
                channels[count.channel][count.day] += count.count
                languages[count.language][count.day] += count.count
        return cls(read, span, step, zone, today, keyed, channels, languages, times)

    @property
    def over(self) -> list[date]:
        """The days of the span that are over: what is said of how things went rests on them."""
        return [day for day in self.span.days if day < self.today]

    def counted(self, figure: str, *keys: str) -> Counter[date]:
        """How often something happened on each day, by any of these keys."""
        together: Counter[date] = Counter()
        for key in keys or ("",):
            together.update(self.keyed.get((figure, key), {}))
        return together

    def stepped(self, days: Mapping[date, float]) -> dict[str, float]:
        """The sum of each step."""
        sums = dict.fromkeys(map(str, self.span.steps(self.step)), 0.0)
        for day, value in days.items():
            if self.span.first <= day <= self.span.last:
                sums[str(self.span.step_of(day, self.step))] += value
        return sums

    def day_of(self, at: object) -> date:
        """The shop's day of a moment."""
        return at.astimezone(self.zone).date()  # type: ignore[attr-defined, no-any-return]

    def daily(self, moments: Iterable[object]) -> Counter[date]:
        """How many of these were on each day."""
        return Counter(self.day_of(at) for at in moments)

    def rows(self, teller: Teller) -> list[Row]:
        """A row for each step."""
        steps = self.span.steps(self.step)
        return [
            Row(
                str(start),
                teller.step(start, self.step, so_far=so_far),
                teller.short(start, self.step),
                so_far,
            )
            for start in steps
            for so_far in [self.step.after(start) > self.today]
        ]


KEYED = frozenset({Figure.MESSAGE, Figure.LEARNED, Figure.PROPOSAL})
"""What is told apart by its key."""

type Of = Callable[[Sequence[date]], float | None]
"""A figure of some days; None: there is nothing to tell it by."""


def charts(seen: Reckoning, teller: Teller) -> list[Chart]:
    """Every chart, in the order they are shown."""
    return [make(seen, teller) for make in MAKERS]


def _channels(seen: Reckoning, teller: Teller) -> Chart:
    columns = _contacts(seen, seen.channels, teller.channel)
    return _trending(
        "channels", Mark.BARS, seen, teller, columns, _mean(seen.counted(Figure.CONTACT)), Unit.DAILY
    )


def _languages(seen: Reckoning, teller: Teller) -> Chart:
    columns = _contacts(seen, seen.languages, teller.language_name)
    totals = {code: sum(_within(days, seen).values()) for code, days in seen.languages.items()}
    most = max(totals, key=lambda code: totals[code], default="")
    said = teller.say(
        "languages_said",
        language=teller.language_name(most),
        share=teller.tell(_share(totals.get(most, 0), sum(totals.values())), Unit.SHARE),
    )
    return Chart("languages", Mark.BARS, seen.rows(teller), columns, said if sum(totals.values()) else "")


def _contacts(
    seen: Reckoning, split: Mapping[str, Counter[date]], title: Callable[[str], str]
) -> list[Column]:
    """Contacts split one way, what there is most of first, and all together."""
    shown = {code: seen.stepped(days) for code, days in split.items()}
    ranked = sorted(
        (code for code in shown if any(shown[code].values())), key=lambda code: -sum(shown[code].values())
    )
    columns = [Column(code, Unit.COUNT, shown[code], title(code)) for code in ranked]
    return [*columns, Column("all", Unit.COUNT, seen.stepped(seen.counted(Figure.CONTACT)), drawn=False)]


def _fallback(seen: Reckoning, teller: Teller) -> Chart:
    lost = seen.counted(Figure.MESSAGE, "lost")
    typed = seen.counted(Figure.MESSAGE, "typed", "lost")
    columns = [
        Column("typed", Unit.COUNT, seen.stepped(typed), drawn=False),
        Column("lost", Unit.COUNT, seen.stepped(lost), drawn=False),
        Column("lost_share", Unit.SHARE, _shares(seen, lost, typed)),
    ]
    return _trending("fallback", Mark.LINES, seen, teller, columns, _ratio(lost, typed), Unit.SHARE)


def _questions(seen: Reckoning, teller: Teller) -> Chart:
    names = (Figure.ASKED, Figure.ANSWERED, Figure.DECLINED, Figure.NOT_NOW, Figure.IGNORED)
    columns = [
        Column(_code(name), Unit.COUNT, seen.stepped(seen.counted(name)), drawn=name in names[:3])
        for name in names
    ]
    asked = _mean(seen.counted(Figure.ASKED))
    return _trending("questions", Mark.LINES, seen, teller, columns, asked, Unit.DAILY)


def _per_contact(seen: Reckoning, teller: Teller) -> Chart:
    contacts = seen.counted(Figure.CONTACT)
    asked, answered = seen.counted(Figure.ASKED), seen.counted(Figure.ANSWERED)
    columns = [
        Column("contacts", Unit.COUNT, seen.stepped(contacts), drawn=False),
        Column("asked_each", Unit.EACH, _shares(seen, asked, contacts)),
        Column("answered_each", Unit.EACH, _shares(seen, answered, contacts)),
    ]
    return _trending("per_contact", Mark.LINES, seen, teller, columns, _ratio(asked, contacts), Unit.EACH)


def _topics(seen: Reckoning, teller: Teller) -> Chart:
    counts = seen.read.topics
    asked = {topic: count for (figure, topic), count in counts.items() if figure == Figure.ASKED}
    topics = sorted({topic for _, topic in counts}, key=lambda topic: (-asked.get(topic, 0), topic))
    ends = (Figure.ANSWERED, Figure.DECLINED, Figure.NOT_NOW, Figure.IGNORED)
    columns = [Column("asked", Unit.COUNT, {topic: asked.get(topic, 0) for topic in topics}, drawn=False)]
    columns += [
        Column(_code(end), Unit.COUNT, {topic: counts.get((end, topic), 0) for topic in topics})
        for end in ends
    ]
    answered = {
        topic: _share(counts.get((Figure.ANSWERED, topic), 0), asked.get(topic, 0)) for topic in topics
    }
    columns.append(Column("answered_share", Unit.SHARE, answered, drawn=False))
    rows = [Row(topic, teller.topic(topic), teller.topic(topic)) for topic in topics]
    said = ""
    if topics and asked:
        told = {"topic": teller.topic(topics[0]), "asked": teller.tell(asked.get(topics[0], 0), Unit.COUNT)}
        said = teller.say("topics_said", share=teller.tell(answered[topics[0]], Unit.SHARE), **told)
    return Chart("topics", Mark.ACROSS, rows, columns, said)


def _facts(seen: Reckoning, teller: Teller) -> Chart:
    kinds = ("stated", "inferred", "imported")
    columns = [Column(kind, Unit.COUNT, seen.stepped(seen.counted(Figure.LEARNED, kind))) for kind in kinds]
    learned = seen.counted(Figure.LEARNED, *kinds)
    columns = [column for column in columns if column.code == "stated" or any(column.values.values())]
    columns.append(Column("all", Unit.COUNT, seen.stepped(learned), drawn=False))
    return _trending("facts", Mark.BARS, seen, teller, columns, _mean(learned), Unit.DAILY)


def _proposals(seen: Reckoning, teller: Teller) -> Chart:
    kinds = ("made", "accepted", "changed", "rejected", "ignored")
    days = {kind: seen.counted(Figure.PROPOSAL, kind) for kind in kinds}
    columns = [Column(kind, Unit.COUNT, seen.stepped(days[kind]), drawn=kind != "ignored") for kind in kinds]
    columns.append(
        Column("accepted_share", Unit.SHARE, _shares(seen, days["accepted"], days["made"]), drawn=False)
    )
    accepted = _ratio(days["accepted"], days["made"])
    return _trending("proposals", Mark.LINES, seen, teller, columns, accepted, Unit.SHARE)


def _complaints(seen: Reckoning, teller: Teller) -> Chart:
    """By the day they were made, as they stand now."""
    rows = seen.read.complaints
    first = seen.daily(row.at for row in rows if row.solved and row.attempts == 1)
    later = seen.daily(row.at for row in rows if row.solved and row.attempts != 1)
    waiting = seen.daily(row.at for row in rows if not row.solved)
    everything = seen.daily(row.at for row in rows)
    columns = [
        Column("complaints", Unit.COUNT, seen.stepped(everything), drawn=False),
        Column("first_time", Unit.COUNT, seen.stepped(first)),
        Column("later", Unit.COUNT, seen.stepped(later)),
        Column("waiting", Unit.COUNT, seen.stepped(waiting)),
        Column("first_time_share", Unit.SHARE, _shares(seen, first, first + later), drawn=False),
    ]
    trend = _trending("complaints", Mark.BARS, seen, teller, columns, _mean(everything), Unit.DAILY)
    share = _share(sum(first.values()), sum((first + later).values()))
    if share is None:
        return trend
    more = teller.say("complaints_said", share=teller.tell(share, Unit.SHARE))
    return Chart(trend.name, trend.mark, trend.rows, columns, teller.joined(trend.sentence, more))


def _answers(seen: Reckoning, teller: Teller) -> Chart:
    columns = [
        Column(code, Unit.SECONDS, _percentiles(seen, seen.times, share))
        for code, share in (("median", MEDIAN), ("slow", SLOW))
    ]
    answers = {day: sum(times.values()) for day, times in seen.times.items()}
    columns.append(Column("answers", Unit.COUNT, seen.stepped(answers), drawn=False))
    slow = _slowest(seen.times)
    return _trending("answers", Mark.LINES, seen, teller, columns, slow, Unit.SECONDS)


def _colleagues(seen: Reckoning, teller: Teller) -> Chart:
    times: dict[date, Counter[float]] = defaultdict(Counter)
    for wait in seen.read.waits:
        times[seen.day_of(wait.at)][wait.seconds / 60] += 1
    columns = [
        Column(code, Unit.MINUTES, _percentiles(seen, times, share))
        for code, share in (("median", MEDIAN), ("slow", SLOW))
    ]
    answered = {day: sum(waits.values()) for day, waits in times.items()}
    columns.append(Column("taken", Unit.COUNT, seen.stepped(answered), drawn=False))
    half = _slowest(times, MEDIAN)
    return _trending("colleagues", Mark.LINES, seen, teller, columns, half, Unit.MINUTES)


def _junk(seen: Reckoning, teller: Teller) -> Chart:
    rows = seen.read.found
    looked = seen.daily(row.at for row in rows)
    junk = seen.daily(row.at for row in rows if row.junk)
    sampled = seen.daily(row.at for row in rows if row.sampled)
    sampled_junk = seen.daily(row.at for row in rows if row.sampled and row.junk)
    columns = [
        Column("looked", Unit.COUNT, seen.stepped(looked), drawn=False),
        Column("junk", Unit.COUNT, seen.stepped(junk), drawn=False),
        Column("junk_share", Unit.SHARE, _shares(seen, junk, looked)),
        Column("sampled", Unit.COUNT, seen.stepped(sampled), drawn=False),
        Column("sampled_junk", Unit.COUNT, seen.stepped(sampled_junk), drawn=False),
        Column("sampled_share", Unit.SHARE, _shares(seen, sampled_junk, sampled)),
    ]
    return _trending("junk", Mark.LINES, seen, teller, columns, _ratio(junk, looked), Unit.SHARE)


MAKERS = (
    _channels,
    _languages,
    _fallback,
    _answers,
    _questions,
    _per_contact,
    _topics,
    _facts,
    _proposals,
    _complaints,
    _colleagues,
    _junk,
)
NAMES = tuple(make.__name__.removeprefix("_") for make in MAKERS)
"""What the charts are called in addresses."""


def tiles(now: Reckoning, before: Reckoning | None, teller: Teller) -> list[Tile]:
    """The figures on top. `before` is the span before, where there was a shop already."""
    return [
        Tile(
            code,
            teller.tell(of(now), unit),
            "" if before is None else teller.change(of(before), of(now), unit),
        )
        for code, unit, of in TILES
    ]


def _sum(figure: str, *keys: str) -> Callable[[Reckoning], float | None]:
    return lambda seen: float(sum(_within(seen.counted(figure, *keys), seen).values()))


def _part(
    part: Callable[[Reckoning], float | None], whole: Callable[[Reckoning], float | None]
) -> Callable[[Reckoning], float | None]:
    return lambda seen: _share(part(seen) or 0, whole(seen) or 0)


TILES: tuple[tuple[str, Unit, Callable[[Reckoning], float | None]], ...] = (
    ("contacts", Unit.COUNT, _sum(Figure.CONTACT)),
    ("lost_share", Unit.SHARE, _part(_sum(Figure.MESSAGE, "lost"), _sum(Figure.MESSAGE, "typed", "lost"))),
    ("answered_share", Unit.SHARE, _part(_sum(Figure.ANSWERED), _sum(Figure.ASKED))),
    ("facts", Unit.COUNT, _sum(Figure.LEARNED, "stated", "inferred", "imported")),
    ("accepted_share", Unit.SHARE, _part(_sum(Figure.PROPOSAL, "accepted"), _sum(Figure.PROPOSAL, "made"))),
    ("complaints", Unit.COUNT, lambda seen: float(len(seen.read.complaints))),
    ("slow", Unit.SECONDS, lambda seen: _slowest(seen.times)(seen.span.days)),
)
"""What stands on top: its text, its unit, and how it is reckoned."""


def _trending(
    name: str, mark: Mark, seen: Reckoning, teller: Teller, columns: Sequence[Column], of: Of, unit: Unit
) -> Chart:
    """A chart whose sentence says how something went between the first and the last third of the days."""
    early, late = (of(days) for days in thirds(seen.over))
    if early is not None and late is not None:
        said = teller.trend(name, Trend(early, late), unit)
    else:
        whole = of(seen.span.days)
        said = "" if whole is None else teller.level(name, whole, unit)
    return Chart(name, mark, seen.rows(teller), columns, said)


def _mean(days: Mapping[date, float]) -> Of:
    """So much a day."""
    return lambda some: sum(days.get(day, 0) for day in some) / len(some) if some else None


def _ratio(part: Mapping[date, float], whole: Mapping[date, float]) -> Of:
    return lambda some: _share(sum(part.get(day, 0) for day in some), sum(whole.get(day, 0) for day in some))


def _slowest(times: Mapping[date, Counter[float]], share: float = SLOW) -> Of:
    return lambda some: percentile(_together(times, some), share)


def _together(times: Mapping[date, Counter[float]], days: Iterable[date]) -> Counter[float]:
    together: Counter[float] = Counter()
    for day in days:
        together.update(times.get(day, {}))
    return together


def _percentiles(
    seen: Reckoning, times: Mapping[date, Counter[float]], share: float
) -> dict[str, float | None]:
    steps: dict[str, list[date]] = {str(start): [] for start in seen.span.steps(seen.step)}
    for day in seen.span.days:
        steps[str(seen.span.step_of(day, seen.step))].append(day)
    return {step: percentile(_together(times, days), share) for step, days in steps.items()}


def _shares(
    seen: Reckoning, part: Mapping[date, float], whole: Mapping[date, float]
) -> dict[str, float | None]:
    parts, wholes = seen.stepped(part), seen.stepped(whole)
    return {step: _share(parts[step], wholes[step]) for step in parts}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _within(days: Mapping[date, int], seen: Reckoning) -> dict[date, int]:
    return {day: count for day, count in days.items() if seen.span.first <= day <= seen.span.last}


def _code(figure: str) -> str:
    return figure.replace(" ", "_")
