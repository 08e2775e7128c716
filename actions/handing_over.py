"""While a colleague has the conversation: the bot listens and is silent; what it would say is offered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from actions import past, people, proposing
from actions.asking import confirm, put
from actions.remembering import remember
from actions.turn import Step, Turn
from crm_store.speaking import tell
from one_to_one.answers import AnswerKind, read_answer
from one_to_one.planner import next_question
from one_to_one.replies import Reply

type Hold = Callable[[Turn, Step], Awaitable[None]]

OPENING = "start"
"""The payload by which a page says that it was opened: nothing a colleague has to answer."""


def is_held(turn: Turn, step: Step) -> bool:
    """Whether a colleague is to answer this message; the customer may always go back to the bot."""
    return turn.customer.held_by is not None and step.work is not people.tap_bot


async def keep(turn: Turn, step: Step, entities: Sequence[Mapping[str, Any]]) -> None:
    """Keep the message for the colleague, and remember what it says as if it were said to us."""
    turn.message.contact_id = turn.contact.id
    if turn.message.payload == OPENING:
        await turn.books.messages.answer(
            turn.message, [], turn.now, language=turn.language, intent=turn.intent, action=step.name
        )
        return
    await turn.books.floor.keep(
        turn.message,
        language=turn.language,
        intent=turn.intent or None,
        confidence=turn.confidence,
        entities=entities,
    )
    await _say_if_nobody_is_there(turn)
    if step.listens and not step.tapped and not turn.consents.private:
        await remember(turn)
        await _take_answer(turn)


async def _say_if_nobody_is_there(turn: Turn) -> None:
    """Once after a colleague's last word: that nobody is at the desk, and when somebody will be."""
    last = next((row for row in reversed(turn.before) if row.direction == "out"), None)
    told = last is not None and last.sender == "shop" and bool(last.buttons)
    opening = turn.pack.shop.opening
    if told or opening is None or await turn.books.staff.present(turn.now):
        return
    words = people.when_answered(turn, opening, "people.kept")
    reply = Reply(words, tuple(turn.buttons("bot")))
    await tell(turn.books, turn.customer.id, reply, turn.now, sender="shop")


async def _take_answer(turn: Turn) -> None:
    """If the colleague put one of our questions, its answer is remembered too."""
    asked = turn.waits_for("question")
    topic = turn.pack.topics.get(asked["ref"]) if asked is not None else None
    if topic is None or not topic.values or turn.heard:
        return
    answer = read_answer(turn.said, topic, turn.answers)
    if answer.kind is AnswerKind.VALUES:
        await remember(turn, list(answer.heard))


async def would_say(turn: Turn, step: Step, hold: Hold) -> dict[str, str]:
    """The bot's reply, the question it would put next, and what it would propose.

    It writes as an answer would: the transaction has to be undone.
    """
    wanted = step.work is people.human
    turn.customer.held_by, turn.customer.person_wanted_at = None, None
    said = {}
    if not wanted:
        await hold(turn, step)
        said["reply"] = "\n\n".join(reply.text for reply in turn.replies)
    said["question"] = await _question(turn)
    said["proposal"] = await _proposal(turn)
    return {kind: text for kind, text in said.items() if text}


async def _question(turn: Turn) -> str:
    """What the planner would ask, whatever was asked in this contact already; "": nothing."""
    planned = next_question(
        turn.pack,
        turn.known,
        await turn.books.questions.ledger(turn.customer.id),
        0,
        turn.now,
        contact=turn.contact.id,
        history=await past.ordered(turn),
        insight=turn.insight,
    )
    if planned is None:
        return ""
    topic = turn.pack.topics[planned.topic]
    old = next((fact for fact in turn.facts if fact.id == planned.stale), None)
    return put(turn, topic, planned) if old is None else confirm(turn, topic, old)


async def _proposal(turn: Turn) -> str:
    """Three products, unless they are in the reply; "": nothing is sold now."""
    if turn.complained or await people.is_owed(turn):
        return ""
    shown = turn.waits_for("proposal")
    if shown is not None and shown["at"] == turn.now.isoformat():
        return ""
    turn.replies.clear()
    await proposing.propose(turn)
    return "\n\n".join(reply.text for reply in turn.replies)
