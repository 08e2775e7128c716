"""What counts in this contact only: said for today, for a gift, for somebody else, or not yet confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from one_to_one.facts import Heard, Polarity
from one_to_one.preferences import same_value
from one_to_one.shop import ShopPack

SOMEBODY = "other"
"""Somebody else whom the customer didn't name."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One preference that is never written down as the customer's lasting taste."""

    topic: str
    value: str
    polarity: Polarity
    who: str = ""  # whose it is, such as "mother"; "": the customer's own
    words: str = ""
    against: int = 0  # the firm belief it goes against, until the customer says which holds; 0: none
    asked: bool = False  # whether the customer was asked which holds


@dataclass(frozen=True, slots=True)
class Passing:
    """All wishes of one contact, and whom the talk is about."""

    about: str = ""  # a person's code, SOMEBODY, or "" for the customer themselves
    wishes: tuple[Wish, ...] = ()
    quiet: bool = False  # they want no questions at all
    pieces: int = 0  # so many of what they will pick; 0: not said
    details: Mapping[str, str] = field(default_factory=dict)  # for what they will pick, such as an address
    picks: Mapping[str, str] = field(default_factory=dict)  # module -> code, for what they will pick
    called: str = ""  # how the customer calls whom the talk is about

    def of(self, who: str) -> tuple[Wish, ...]:
        """The wishes for one person, oldest first; what was said of nobody in particular counts for them."""
        fitting = {who, SOMEBODY} if who else {""}
        return tuple(wish for wish in self.wishes if wish.who in fitting)

    def with_wishes(self, new: Iterable[Wish], pack: ShopPack) -> Passing:
        """The wishes added up: a later one takes the place of an earlier one that can't be true beside it."""
        wishes = list(self.wishes)
        for wish in new:
            wishes = [old for old in wishes if not _displaces(wish, old, pack)] + [wish]
        return replace(self, wishes=tuple(wishes))

    def outdone_by(self, said: Iterable[Heard], pack: ShopPack) -> Passing:
        """What still counts after the customer said something lasting of themselves."""
        newer = wished(said)
        return replace(
            self,
            wishes=tuple(old for old in self.wishes if not any(_displaces(one, old, pack) for one in newer)),
        )

    def without(self, gone: Iterable[Wish]) -> Passing:
        """What is left when some wishes were settled."""
        gone = list(gone)
        return replace(self, wishes=tuple(wish for wish in self.wishes if wish not in gone))

    def with_asked(self, wish: Wish) -> Passing:
        """The customer was asked whether this one is to last."""
        return replace(self, wishes=tuple(replace(w, asked=True) if w == wish else w for w in self.wishes))

    def turned_to(self, who: str, called: str = "") -> Passing:
        """The talk is about this person now, whom the customer calls so; "": as before."""
        return replace(self, about=who, called=called or (self.called if who == self.about else ""))


def _displaces(new: Wish, old: Wish, pack: ShopPack) -> bool:
    topic = pack.topics.get(new.topic)
    if topic is None or new.topic != old.topic or new.who != old.who:
        return False
    if same_value(topic, new.value, old.value):
        return True
    return not topic.many and new.polarity is old.polarity is Polarity.LIKES


def wished(heard: Iterable[Heard], who: str = "", against: int = 0) -> tuple[Wish, ...]:
    """What was heard, as wishes for this person."""
    return tuple(Wish(one.topic, one.value, one.polarity, who, one.words, against) for one in heard)


def as_heard(wish: Wish) -> Heard:
    """A wish as it would be weighed if it were lasting."""
    return Heard(wish.topic, wish.value, wish.polarity, 1.0, wish.words)


def to_json(passing: Passing) -> dict[str, Any] | None:
    """As it is kept with the contact; None when there is nothing to keep."""
    return asdict(passing) if passing != Passing() else None


def from_json(kept: Mapping[str, Any] | None) -> Passing:
    """As it was kept."""
    if not kept:
        return Passing()
    wishes = (Wish(**{**wish, "polarity": Polarity(wish["polarity"])}) for wish in kept["wishes"])
    return Passing(
        kept["about"],
        tuple(wishes),
        kept.get("quiet", False),
        kept.get("pieces", 0),
        kept.get("details", {}),
        kept.get("picks", {}),
        kept.get("called", ""),
    )
