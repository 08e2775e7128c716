"""What a topic's questions brought, and whether it is worth going on asking."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FEW = 20
"""Asked less often than this, nothing is concluded."""

HARDLY = 0.2
"""If a smaller share of the questions is answered, hardly anybody answers."""

OFTEN = 0.3
"""If a larger share is refused or put off, people are bothered by it."""

ANYWAY = 3.0
"""If it is told unasked so many times as often as it is answered, asking isn't needed."""

WORSE = 0.05
"""If proposals that use the answer are accepted this much less often than others, something is wrong."""


class Advice(StrEnum):
    """What the owner may do about a topic's question."""

    WAIT = "too few to tell"
    KEEP = "keep"
    DROP_SILENT = "drop or reword: hardly anybody answers"
    DROP_REFUSED = "drop or reword: often refused"
    DROP_UNUSED = "drop: no proposal used the answers"
    DROP_UNASKED = "drop: people tell it unasked"
    LOOK = "look closer: proposals that use it are accepted less often"
    NEVER = "never asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """One topic's questions over a while."""

    topic: str
    asked: int  # how often it was put, confirming old answers included
    confirmed: int  # of these: an old answer to confirm, or a contradiction to settle
    answered: int
    declined: int
    not_now: int
    unanswered: int  # left open, or talked past
    told_unasked: int  # customers who told it without ever having answered the question
    gain: float | None  # mean expected gain at asking, in units of utility; None: never asked
    burden: float | None
    used: int  # proposals that rest on a fact of the topic
    accepted_with: float | None  # share of these that were accepted; None: there are none
    accepted_without: float | None  # the same of all other proposals
    bears: bool = True  # whether a proposal can depend on it
    stale: int = 0  # customers whose answer has grown old by now, and may be confirmed

    @property
    def share_answered(self) -> float:
        """Of the questions put, 0..1."""
        return self.answered / self.asked if self.asked else 0.0

    @property
    def realised(self) -> float | None:
        """By how much more often proposals are accepted that use the answer; None: not known."""
        if self.accepted_with is None or self.accepted_without is None:
            return None
        return self.accepted_with - self.accepted_without

    @property
    def advice(self) -> Advice:
        """What the figures say, the plainest first."""
        if self.asked == 0:
            return Advice.NEVER
        if self.asked < FEW:
            return Advice.WAIT
        if (self.declined + self.not_now) / self.asked > OFTEN:
            return Advice.DROP_REFUSED
        if self.share_answered < HARDLY:
            return Advice.DROP_SILENT
        if self.bears and not self.used:
            return Advice.DROP_UNUSED
        if self.told_unasked > ANYWAY * self.answered:
            return Advice.DROP_UNASKED
        return Advice.LOOK if self.realised is not None and self.realised < -WORSE else Advice.KEEP
