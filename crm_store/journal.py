"""What a merge did, so that it can be undone: kept as JSON with the merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one row that the merge changed."""

    table: str
    key: Any
    column: str
    before: Any  # as JSON holds it
    after: Any


@dataclass(slots=True)
class Journal:
    """Whose every row was, and what was changed to join them."""

    last: dict[str, int]  # table -> highest row number at the time of the merge
    ledgers: list[dict[str, Any]]  # the question ledgers of both, as they were
    contacts: list[dict[str, Any]]  # the latest contact of each, as it was
    believed: list[int]  # the facts of both that were believed
    rows: dict[str, list[Any]] = field(default_factory=dict)  # table -> keys of the absorbed customer's rows
    changes: list[Change] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The journal as it is kept."""
        changes = [[c.table, c.key, c.column, c.before, c.after] for c in self.changes]
        return {
            "last": self.last,
            "ledgers": self.ledgers,
            "contacts": self.contacts,
            "believed": self.believed,
            "rows": self.rows,
            "changes": changes,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Journal:
        """The journal as it was written."""
        changes = [Change(*change) for change in kept["changes"]]
        return cls(**{name: kept[name] for name in kept if name != "changes"}, changes=changes)
