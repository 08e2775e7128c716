"""The desk where every message is served: one transaction per turn, and never twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from actions import (
    abroad,
    acquainted,
    afterwards,
    approving,
    asking,
    catalogue,
    changing,
    company,
    comparing,
    confirming,
    consenting,
    detailing,
    early,
    feedback,
    focus,
    greeting,
    haggling,
    handing_over,
    in_basket,
    informing,
    keeping,
    lacking,
    lost,
    memory,
    pausing,
    people,
    placed,
    presents,
    private,
    proposing,
    refilling,
    remembering,
    starting_over,
    stepping,
    supposing,
    tongue,
    turning_down,
    unmet,
    whose,
    wondering,
)
from actions.listening import heard_in, rest_of, told_in
from actions.stocked import stocked
from actions.turn import READ_CHARACTERS, SURE, Step, Turn
from actions.verdicts import is_upset, sounds_unhappy
from crm_store.books import Books
from crm_store.models import CustomerRow, MessageRow
from crm_store.store import Store
from one_to_one.answers import AnswerWords
from one_to_one.consent import Consents, State
from one_to_one.crowd_shelf import CrowdShelf
from one_to_one.facts import Polarity
from one_to_one.insight import NOTHING, Insight
from one_to_one.language import Language
from one_to_one.passing import from_json, to_json
from one_to_one.shop import ShopPack
from one_to_one.texts import Texts

REMEMBERED_MESSAGES = 16
"""How far back we look so as not to repeat ourselves."""

LOOSE = frozenset(
    f"action_{intent}"
    for intent in ("inform", "propose", "chitchat", "nlu_fallback", "catalogue", "change", "choose", "deny")
)
"""What a complaint, or a wish for somebody else, is taken for when the bot has never heard one like it."""

LATE = LOOSE | {f"action_{intent}" for intent in ("praise", "affirm", "decline", "complain", "order_status")}
"""What a word about the last proposal or order ("too expensive") may be taken for."""

UNASKED = LOOSE | {
    f"action_{intent}" for intent in ("pause", "decline", "withdraw", "affirm", "human", "help", "forget")
}
"""What "no questions, please" is taken for."""

EARLY = LOOSE | {"action_delivery", "action_thanks", "action_affirm"}
"""What may describe an order before anything is on the table."""

log = logging.getLogger("actions")

type Entity = Mapping[str, Any]
type Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Call:
    """A message as the bot understood it."""

    message: int
    customer: str = ""  # whose the bot takes it to be; "": not said
    intent: str = ""
    confidence: float = 0.0
    entities: Sequence[Entity] = ()
    ranking: Sequence[Entity] = ()  # what else it could have been: {"name", "confidence"}, best first


@dataclass(frozen=True, slots=True)
class Desk:
    """What every turn needs, read once."""

    store: Store
    pack: ShopPack
    texts: Texts
    answers: AnswerWords
    clock: Clock  # the present, aware, UTC
    silence: timedelta  # ends a contact
    shelf: CrowdShelf | None = None  # what was learned from all customers; None: nothing is used
    insight: Callable[[], Insight] = lambda: NOTHING  # what other customers teach, as it is now
    key: str = ""  # keys/signing, for links
    origin: str = ""  # the address of the web process, for links
    signing_key: str = ""  # by which links to pay are signed; "": there are none

    async def serve(self, step: Step, call: Call) -> int:
        """Answer a message in one transaction, unless that was done before. Returns its number."""
        async with self.store.transaction() as books:
            with books.session.no_autoflush:  # the repositories flush what they read back themselves
                found = await _find(books, call)
                if found.message.state == "answered":
                    return call.message
                turn = await self._open(books, found, call)
                if held := handing_over.is_held(turn, step):
                    await handing_over.keep(turn, step, told_in(call.entities)[0])
                else:
                    await _hold(turn, step)
                    await _close(turn, step, call)
        if held or turn.customer.person_wanted_at is not None:
            await self._suggest(step, call)
        return call.message

    async def _suggest(self, step: Step, call: Call) -> None:
        """Offer colleagues what the bot would have said. Nothing depends on it: a failure is logged."""
        try:
            texts = await self._would_say(step, call)
            async with self.store.transaction() as books:
                await books.floor.suggest(call.message, texts)
        except Exception as error:  # noqa: BLE001 - the message is kept, whatever becomes of suggestions
            log.error("no suggestions to message %s: %s", call.message, type(error).__name__)

    async def _would_say(self, step: Step, call: Call) -> dict[str, str]:
        """What would be said; of what is done for it nothing stays."""
        try:
            async with self.store.transaction() as books:
                with books.session.no_autoflush:
                    turn = await self._open(books, await _find(books, call), call)
                    raise _NothingStays(await handing_over.would_say(turn, step, _hold))
        except _NothingStays as undone:
            return undone.texts

    async def _open(self, books: Books, found: _Found, call: Call) -> Turn:
        customer, message = found.customer, found.message
        read = message.text[:READ_CHARACTERS]
        contact = await books.contacts.current(customer.id, message.channel, message.at, self.silence)
        crowd = None if self.shelf is None else self.shelf.learned()
        told, receiver, called = told_in(call.entities)
        turn = Turn(
            pack=await stocked(books, self.pack),
            texts=self.texts,
            answers=self.answers,
            books=books,
            customer=customer,
            contact=contact,
            message=message,
            before=[row for row in found.recent if row.id < message.id],
            intent=call.intent,
            confidence=call.confidence,
            heard=heard_in(told, read, self.pack, at=message.at),
            theirs=heard_in(told, read, self.pack, about="other", at=message.at),
            rest=rest_of(told, read),
            entities=told,
            language=Language(customer.language),
            now=max(self.clock(), message.at),
            facts=await books.facts.believed(customer.id, contact=contact.id),
            passing=from_json(contact.passing),
            consents=await self._consents(books, customer.id),
            counted=self.pack,
            signing_key=self.signing_key,
            origin=self.origin,
            key=self.key,
            crowd=crowd,
            member=await books.companies.member(customer.id),
            receiver=receiver,
            called=called,
            insight=replace(self.insight(), crowd=crowd),
        )
        if turn.fresh and turn.before:
            await books.facts.drop_provisional(customer.id, contact.id)
            if turn.consents.private:
                await private.leave_nothing(turn)
        if turn.complaints:
            turn.put_right = await books.complaints.put_right_to(customer.id)
        tongue.listen(turn)
        whose.settle(turn)
        await acquainted.recall(turn)
        return turn

    async def _consents(self, books: Books, customer: str) -> Consents:
        states = await books.consents.states(customer)
        ground = self.pack.shop.remembering
        return Consents(ground, {purpose: State(state) for purpose, state in states.items()})


class _NothingStays(Exception):
    """Ends a transaction without a trace, and carries out what was said in it."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts


@dataclass(frozen=True, slots=True)
class _Found:
    """A message, whose it is, and what was said lately."""

    message: MessageRow
    customer: CustomerRow
    recent: Sequence[MessageRow]


async def _find(books: Books, call: Call) -> _Found:
    """The message is nearly always among the latest of the customer the bot names."""
    if call.customer:
        found = await _latest(books, call.customer, call.message)
        if found is not None:
            return found
    message = await books.messages.get(call.message)
    customer = await books.customers.get(message.customer_id)
    await books.floor.lock(customer)
    return _Found(message, customer, await books.messages.recent(customer.id, REMEMBERED_MESSAGES))


async def _latest(books: Books, named: str, number: int) -> _Found | None:
    customer = await books.customers.get(named)
    await books.floor.lock(customer)
    recent = await books.messages.recent(customer.id, REMEMBERED_MESSAGES)
    message = next((row for row in recent if row.id == number), None)
    return None if message is None else _Found(message, customer, recent)


async def _hold(turn: Turn, step: Step) -> None:
    await presents.mark(turn)
    await wondering.settle(turn)
    draft = turn.waits_for("order")
    if step.tapped:
        await step.work(turn)
    elif people.is_waited_for(turn, step):
        await people.wait(turn)
    elif await company.take_code(turn):
        pass
    elif tongue.is_request(turn):
        turn.action = "action_language"
        await tongue.switch(turn)
    elif step.name in UNASKED and (pausing.wants_quiet(turn) or pausing.means_all(turn)):
        await _leave_off(turn)
    elif not await _taken(turn):
        turn.begin_anew()
        await _work(turn, step)
    if step.listens:
        await acquainted.keep(turn)
    await in_basket.keep(turn, draft)
    greeting.introduce(turn, step)
    await approving.remind(turn)
    if turn.wants_consent:
        await consenting.ask(turn)
    elif turn.placed:
        await supposing.after_order(turn)
        await consenting.ask_to_write_first(turn)
    elif turn.wonders:
        await wondering.ask_if_worth(turn)
    elif step.asks and turn.may_ask and not turn.consents.private:
        await asking.drip(turn)
    await confirming.give_way(turn)
    if not turn.replies:
        await lost.fall_back(turn)


async def _leave_off(turn: Turn) -> None:
    """No questions, now or for good; what they want to see instead is shown."""
    turn.action = "action_pause"
    await (pausing.leave_off(turn) if pausing.wants_quiet(turn) else pausing.pause(turn))
    if pausing.wants_to_see(turn):
        said = turn.replies.pop()
        turn.add(said.text)
        await remembering.remember(turn)
        await proposing.propose(turn)


async def _taken(turn: Turn) -> bool:
    """Whether somebody reads the message as being for them, before it counts for what it was taken for."""
    takers = (
        presents.take_own,
        abroad.take,
        haggling.take,
        refilling.take,
        placed.take,
        afterwards.take,
        starting_over.take,
        comparing.take,
        keeping.take_saved,
        proposing.take_earlier,
        stepping.take,
        changing.take,
        lacking.take,
        asking.take_indifferent,
        presents.take,
        focus.take,
    )
    for take in takers:
        if await take(turn):
            return True
    return False


async def _work(turn: Turn, step: Step) -> None:
    if await detailing.take_late(turn):
        return
    if (step.name in LOOSE and is_upset(turn)) or people.goes_on(turn):
        await people.complain(turn)
        return
    if await changing.take_late(turn):
        return
    if step.name in EARLY and early.comes_first(turn):
        await remembering.remember(turn)
        remembering.acknowledge(turn)
        await proposing.propose(turn)
        early.keep_first(turn)
        return
    if not turn.waits_for("order") and await detailing.take_early(turn):
        return
    if step.name in LATE and await _beside_the_point(turn):
        return
    if step.name in LOOSE and await memory.deny_said(turn):
        return
    if _describes(turn, step):
        await remembering.remember(turn)
        await informing.inform(turn)
        return
    if step.listens or _states_beside(turn, step):
        await remembering.remember(turn)
    if _was_a_wish(turn, step):
        await catalogue.catalogue(turn)
    elif step.name in LOOSE and (turn.for_another or turn.only_now or turn.held or turn.doubted):
        remembering.acknowledge(turn)
        await proposing.propose(turn)
    elif step.name in LOOSE and await catalogue.show_extreme(turn):
        early.keep_first(turn)
    else:
        await step.work(turn)


async def _beside_the_point(turn: Turn) -> bool:
    """Whether it is about what was turned down or ordered, or something that isn't sold here."""
    late = await turning_down.take_late(turn) or await feedback.take_late(turn)
    return late or await placed.take_total(turn) or await unmet.take_up(turn)


def _describes(turn: Turn, step: Step) -> bool:
    """Whether what sounds like a look at the shelf tells how they want it made, or a call for a person
    is a name ("call me Ann")."""
    if step.name == "action_human":
        return informing.introduces(turn)
    return step.name == "action_catalogue" and informing.chooses(turn)


def _states_beside(turn: Turn, step: Step) -> bool:
    """Whether a question about what there is comes with what they don't like, said outright."""
    return step.name == "action_catalogue" and any(one.polarity is not Polarity.LIKES for one in turn.stated)


def _was_a_wish(turn: Turn, step: Step) -> bool:
    """Whether something asked for was taken, without being sure, for a greeting or a complaint."""
    return (
        step.name in ("action_greet", "action_complain")
        and turn.confidence < SURE
        and bool(turn.heard)
        and not sounds_unhappy(turn)
    )


async def _close(turn: Turn, step: Step, call: Call) -> None:
    turn.message.language, turn.message.contact_id = turn.language, turn.contact.id
    turn.contact.passing = to_json(turn.passing)
    await turn.books.messages.answer(
        turn.message,
        turn.replies,
        turn.now,
        language=turn.language,
        intent=call.intent or None,
        confidence=call.confidence,
        entities=told_in(call.entities)[0],
        ranking=call.ranking,
        action=turn.action or step.name,
    )
