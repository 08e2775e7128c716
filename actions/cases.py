"""What a proposal is made from: beliefs and wishes, orders, and what was shown before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zlib import crc32

from actions import past, wishing
from actions.turn import Turn
from crm_store.models import ProposalRow
from one_to_one.facts import Fact
from one_to_one.history import Ordered, Shown
from one_to_one.proposals import Proposed, budget_topics
from one_to_one.proposals import propose as rule

COUNT = 3
"""So many products are proposed."""


@dataclass(frozen=True, slots=True)
class Case:
    """What one proposal is made from."""

    believed: Sequence[Fact]
    history: Sequence[Ordered]
    shown: Sequence[Shown]
    seed: int
    offers: bool  # whether an offer may be among them
    others: bool  # whether they asked for other things than those on the table
    below: Decimal | None = None  # what they found too dear cost this: they asked for something cheaper

    def items(
        self,
        turn: Turn,
        only: frozenset[str] | None = None,
        *,
        anew: bool = False,
        below: Decimal | None = None,
        count: int = COUNT,
    ) -> list[Proposed]:
        """What the rules propose; `only` of these products; `anew`: what was turned down included."""
        shown = [] if anew else self.shown
        made = rule(
            turn.pack, self.believed, self.history, shown, turn.now,
            count=count, seed=self.seed, insight=turn.insight, personal=turn.consents.personal,
            offers=self.offers, only=only, below=below, groups=turn.groups,
        )  # fmt: skip
        return list(made)

    def whatever_it_costs(self, turn: Turn) -> list[Proposed]:
        """All that may be proposed to them, without regard to their budget."""
        believed = [fact for fact in self.believed if fact.topic not in budget_topics(turn.pack)]
        made = rule(
            turn.pack, believed, self.history, self.shown, turn.now,
            count=len(turn.pack.products), seed=self.seed, personal=turn.consents.personal,
            groups=turn.groups,
        )  # fmt: skip
        return list(made)


async def case_of(
    turn: Turn,
    earlier: Sequence[ProposalRow],
    *,
    other: bool,
    first: bool,
    others: bool = False,
) -> Case:
    """What there is to go by for the customer, or an `other` person who is shown the `first`."""
    history = await past.given(turn, turn.passing.about) if other else await past.habits(turn)
    return Case(
        believed=wishing.basis(turn, other=other),
        history=history if turn.consents.personal else [],
        shown=[] if other and first else past.shown(earlier, other=other),
        seed=crc32(f"{turn.customer.id}:{earlier[0].id if earlier else 0}".encode()) or 1,
        offers=not other and _may_offer(turn, earlier),
        others=others,
    )


def _may_offer(turn: Turn, earlier: Sequence[ProposalRow]) -> bool:
    """Not while something went wrong, and not after a no in this visit."""
    refused = any(one.contact_id == turn.contact.id and one.outcome == "rejected" for one in earlier)
    return not (refused or turn.complained or turn.customer.person_wanted_at is not None)
