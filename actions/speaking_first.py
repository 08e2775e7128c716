"""Saying something to a customer who said nothing just now: in their language, where they talked last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.turn import FALLBACK, Turn
from crm_store.books import Books
from crm_store.models import MessageRow
from crm_store.speaking import tell
from one_to_one.answer_words import AnswerWords
from one_to_one.consent import Consents, Purpose, State
from one_to_one.language import Language
from one_to_one.shop import ShopPack
from one_to_one.texts import Texts

RECENT = 50
"""How many of somebody's last messages are looked at, so as not to repeat ourselves."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """What is needed to speak first."""

    pack: ShopPack
    texts: Texts
    answers: AnswerWords
    signing_key: str = ""  # by which links to pay are signed

    async def turn(self, books: Books, customer: str, now: datetime) -> Turn | None:
        """A turn of theirs in which they said nothing; None: they never talked here."""
        who = await books.customers.get(customer)
        contact = await books.contacts.latest(who.id)
        before: Sequence[MessageRow] = await books.messages.recent(who.id, RECENT)
        said = [row for row in before if row.direction == "in"]
        if contact is None or not said:
            return None
        states = await books.consents.states(who.id)
        return Turn(
            pack=self.pack,
            texts=self.texts,
            answers=self.answers,
            books=books,
            customer=who,
            contact=contact,
            message=said[-1],
            before=before,
            intent=FALLBACK,
            confidence=0.0,
            heard=(),
            theirs=(),
            rest="",
            language=Language(who.language),
            now=now,
            facts=await books.facts.believed(who.id),
            consents=Consents(self.pack.shop.remembering, {name: State(one) for name, one in states.items()}),
            signing_key=self.signing_key,
            member=await books.companies.member(who.id),
        )


def may_be_told(turn: Turn) -> bool:
    """Whether they may be told about what they ordered: unless they want no messages at all.

    That is no advertising, and needs no consent; whoever said no to messages is left in peace all the same.
    """
    refused = turn.consents.states.get(Purpose.UNASKED) in (State.DENIED, State.REVOKED)
    return turn.customer.stopped_at is None and not refused


async def send(turn: Turn) -> None:
    """Say what the turn came to, where they talked last."""
    for reply in turn.replies:
        await tell(turn.books, turn.customer.id, reply, turn.now, sender="bot")
