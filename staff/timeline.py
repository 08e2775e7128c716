"""The timeline of one customer, as colleagues read it: what happened, when, and where it can be looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_store.timeline import RANK, Event, Place
from staff import seeking
from staff.taught import Words
from staff.voice import Voice

ICONS: Mapping[str, str] = {
    "asked": "why",
    "came": "link",
    "company": "customers",
    "complained": "flag",
    "consent": "audit",
    "ended": "memory",
    "handed_back": "person",
    "kept": "check",
    "learned": "memory",
    "merged": "link",
    "noted": "pencil",
    "order": "charts",
    "order_step": "charts",
    "parted": "link",
    "promised": "clock",
    "proposed": "picture",
    "rated": "check",
    "refill": "clock",
    "reviewed": "pencil",
    "solved": "check",
    "unmet": "nothing",
    "visit": "conversations",
    "wanted_person": "person",
}
"""The picture beside each kind of event."""

LOUD = frozenset({"complained", "wanted_person"})
"""What should be seen at once."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline."""

    at: datetime
    kind: str
    icon: str
    title: str
    detail: str  # what was said or decided; "": nothing to add
    link: str  # where it stands; "": nowhere else

    @property
    def loud(self) -> bool:
        """Whether it should be seen at once."""
        return self.kind in LOUD


def told(events: Sequence[Event], voice: Voice, words: Words, customer: str, orders: str) -> list[Told]:
    """The lines of these events; `orders` is where orders are shown, "" when nowhere."""
    telling = _Telling(voice, words, customer, orders)
    return [telling.line(event) for event in events]


def written(place: Place) -> str:
    """A place in the timeline as it stands in an address."""
    return f"{seeking.written(place.at, place.number)}_{place.kind}"


def place_of(typed: str) -> Place | None:
    """The place an address names; None: it names none."""
    at, _, rest = typed.partition("_")
    number, _, kind = rest.partition("_")
    found = seeking.moment_of(f"{at}_{number}")
    return None if found is None or kind not in RANK else Place(found[0], kind, found[1])


@dataclass(frozen=True)
class _Telling:
    voice: Voice
    words: Words
    customer: str
    orders: str

    def line(self, event: Event) -> Told:
        detail: Callable[[Any], str] = getattr(self, f"_{event.kind}")
        title = self.words[f"customers.event_{event.kind}"]
        return Told(event.at, event.kind, ICONS[event.kind], title, detail(event.row), self._link(event))

    def _link(self, event: Event) -> str:
        if event.kind in ("order_step", "rated") and self.orders:
            return f"{self.orders}/{event.row.order_id}"
        message = getattr(event.row, "message_id", None)
        if message is None:
            return ""
        return f"/staff/conversations/{self.customer}?m={message}#m{message}"

    def _word(self, name: str, otherwise: str) -> str:
        return self.words.get(f"customers.{name}", otherwise)

    def _fact(self, row: Any) -> str:
        return self.voice.fact(row.topic, row.value, row.polarity)

    def _asked(self, row: Any) -> str:
        outcome = self.words.get(f"logs.outcome_{row.outcome.replace(' ', '_')}", row.outcome)
        return f"{self.voice.topic(row.topic)} · {outcome}"

    def _came(self, row: Any) -> str:
        channel = self._word(f"channel_{row.channel}", row.channel)
        return f"{channel} · {self.voice.mask.number(row.external_id)}"

    def _company(self, row: Any) -> str:
        return f"{row.company_id} · {row.role}"

    def _complained(self, row: Any) -> str:
        return self.voice.words(row.words)

    def _consent(self, row: Any) -> str:
        purpose = row.purpose.removeprefix("sensitive:")
        known = self._word(f"purpose_{purpose}", self.voice.topic(purpose))
        return f"{known} · {self._word(f'consent_{row.state}', row.state)}"

    def _ended(self, row: Any) -> str:
        return self._fact(row)

    def _handed_back(self, row: Any) -> str:
        by = self._word("by_customer", row.returned_by) if row.returned_by == "customer" else row.returned_by
        return " · ".join(part for part in (by or "", self.voice.words(row.note)) if part)

    def _kept(self, row: Any) -> str:
        return self._word(f"promise_{row.what}", row.what)

    def _learned(self, row: Any) -> str:
        how = "" if row.stated else f" · {self._word('inferred', '')}"
        return self._fact(row) + how

    def _merged(self, row: Any) -> str:
        by = str(row.evidence.get("by", ""))
        return f"{row.absorbed_id[-6:]} → {row.kept_id[-6:]} · {self._word(f'merged_by_{by}', by)}"

    def _noted(self, row: Any) -> str:
        return f"{row.who}: {self.voice.words(row.text)}"

    def _order(self, row: Any) -> str:
        state = self._word(f"state_{row.state}", row.state)
        return f"{row.external_id or row.id} · {state} · {self.voice.money(row.total, row.currency)}"

    def _order_step(self, row: Any) -> str:
        who = self._word(f"by_{row.who}", row.who)
        parts = [str(row.order_id), self._word(f"state_{row.state}", row.state), who]
        return " · ".join(part for part in (*parts, self.voice.words(row.note or "")) if part)

    def _parted(self, row: Any) -> str:
        return f"{row.absorbed_id[-6:]} · {row.kept_id[-6:]}"

    def _promised(self, row: Any) -> str:
        what = self._word(f"promise_{row.what}", row.what)
        return f"{what} · {self.voice.moment(row.due_at)}"

    def _proposed(self, row: Any) -> str:
        things = [self.voice.product(str(item.get("product"))) for item in row.items]
        outcome = self.words.get(f"logs.outcome_{row.outcome}", row.outcome)
        return f"{self.voice.wording.listed(things)} · {outcome}"

    def _rated(self, row: Any) -> str:
        rating = self._word(f"rating_{row.rating}", str(row.rating))
        said = self.voice.words(row.rating_words or "")
        return " · ".join(part for part in (row.title, rating, said) if part)

    def _refill(self, row: Any) -> str:
        every = self.words["customers.every_days"].format(days=row.every_days)
        state = self._word(f"refill_{row.state}", row.state)
        return f"{self.voice.product(row.product)} · {every} · {state}"

    def _reviewed(self, row: Any) -> str:
        return f"{row.who} · {self._word(f'verdict_{row.verdict}', row.verdict)} · {self._fact(row)}"

    def _solved(self, row: Any) -> str:
        return " · ".join(part for part in (row.solved_by or "", self.voice.words(row.remedy or "")) if part)

    def _unmet(self, row: Any) -> str:
        return self.voice.words(row.words)

    def _visit(self, row: Any) -> str:
        return self._word(f"channel_{row.channel}", row.channel)

    def _wanted_person(self, row: Any) -> str:
        return row.colleague or ""
