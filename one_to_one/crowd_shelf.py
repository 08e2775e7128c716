"""What was learned from customers, as it lies in the home folder: read when it changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from one_to_one.crowd import Crowd, crowd_of_catalogue
from one_to_one.crowd_counts import load
from one_to_one.crowd_model import LearnedCrowd
from one_to_one.errors import CrowdUnreadable
from one_to_one.shop import ShopPack, Topic

FILE = Path("crowd") / "counts.npz"
"""Where it lies below the home folder."""


@dataclass
class CrowdShelf:
    """The newest that was learned."""

    pack: ShopPack
    home: Path
    _seen: tuple[int, int] | None = field(default=None, repr=False)  # modified at, size
    _crowd: Crowd | None = field(default=None, repr=False)

    def learned(self) -> Crowd | None:
        """What to go by now; None: nothing was learned, or it can't be read."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen, self._crowd = stamp, self._read() if stamp is not None else None
        return self._crowd

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = (self.home / FILE).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _read(self) -> Crowd | None:
        try:
            counts = load(self.home / FILE)
        except CrowdUnreadable:
            return None
        return LearnedCrowd(counts, crowd_of_catalogue(self.pack)) if counts.people else None


def learnable(pack: ShopPack) -> list[str]:
    """The topics that are learned from: those with values to choose from, and nothing sensitive."""
    return [topic.name for topic in pack.topics.values() if _is_learnable(topic)]


def _is_learnable(topic: Topic) -> bool:
    return bool(topic.values) and not topic.sensitive
