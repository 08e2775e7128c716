"""What was ordered together and how new things were taken, as it lies in the home folder: sums over many."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from one_to_one import alike, exploring
from one_to_one.alike import Alike
from one_to_one.exploring import Appeal
from one_to_one.insight import NOTHING, Insight

FILE = Path("crowd") / "insight.json"
"""Where it lies below the home folder."""


def save(ordered: Alike, appeal: Appeal, file: Path) -> None:
    """Write it down; whoever reads finds the old or the new, never half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    kept = {"alike": alike.to_json(ordered), "appeal": exploring.to_json(appeal)}
    fresh.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    fresh.replace(file)


@dataclass
class InsightShelf:
    """The newest that was learned; read again when the file changed."""

    home: Path
    _seen: tuple[int, int] | None = field(default=None, repr=False)  # modified at, size
    _insight: Insight = field(default=NOTHING, repr=False)

    def __call__(self) -> Insight:
        """What to go by now; nothing when nothing was learned, or it can't be read."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen, self._insight = stamp, NOTHING if stamp is None else self._read()
        return self._insight

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = (self.home / FILE).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _read(self) -> Insight:
        try:
            kept = json.loads((self.home / FILE).read_text(encoding="utf-8"))
            return Insight(alike=alike.from_json(kept["alike"]), appeal=exploring.from_json(kept["appeal"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return NOTHING
