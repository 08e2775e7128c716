"""Sensitive things: used at once, kept only with a yes to words that are kept as well."""

from __future__ import annotations

from actions import memory
from actions.remembering import purpose
from actions.turn import Focus, Turn
from one_to_one.answers import read_refusal, read_yes_no
from one_to_one.ledger import QuestionState
from one_to_one.replies import Button
from one_to_one.shop import Topic


async def ask(turn: Turn) -> None:
    """Ask whether what was just said may be kept. It counts in this contact either way."""
    topic = turn.pack.topics[turn.wants_consent[0]]
    turn.add(_words(turn, topic), _buttons(turn, topic))
    turn.wait_for("consent", topic.name, over=True)


def _words(turn: Turn, topic: Topic) -> str:
    things = turn.words.listed(turn.words.fact(fact) for fact in turn.believed(topic.name))
    return turn.texts.say(
        turn.language, "consenting.question", things=things, topic=topic.label[turn.language]
    )


def _buttons(turn: Turn, topic: Topic) -> list[Button]:
    return [
        turn.button("consent_yes", f"consent:{topic.name}:yes"),
        turn.button("consent_no", f"consent:{topic.name}:no"),
    ]


async def take(turn: Turn, focus: Focus) -> bool:
    """Read a yes or no; False: the message is about something else, and the question stays open."""
    topic = turn.pack.topics.get(focus["ref"])
    if topic is None or turn.heard:
        return False
    if turn.mentions("memory.all_words"):
        await memory.ask_forget_all(turn)
        return True
    said = read_yes_no(turn.said, turn.answers)
    if said is None and read_refusal(turn.said, turn.answers):
        said = False
    if said is None and turn.intent in ("affirm", "deny", "decline", "forget"):
        said = turn.intent == "affirm"
    if said is None:
        return False
    await _decide(turn, topic, granted=said)
    return True


async def tap_consent(turn: Turn) -> None:
    """Yes or no was tapped."""
    name, said = [*turn.arguments, "", ""][:2]
    topic = turn.pack.topics.get(name)
    if topic is None or said not in ("yes", "no"):
        turn.say("lost.button", turn.buttons("propose", "help"))
    else:
        await _decide(turn, topic, granted=said == "yes")


async def _decide(turn: Turn, topic: Topic, *, granted: bool) -> None:
    state = "granted" if granted else "denied"
    await turn.books.consents.record(
        turn.customer.id, purpose(topic.name), state, _words(turn, topic), turn.now, turn.message.id
    )
    for fact in turn.believed(topic.name):
        if granted and fact.provisional:
            await turn.books.facts.keep(fact)
    if not granted:
        await turn.books.questions.mark(
            turn.customer.id, topic.name, QuestionState.DECLINED, turn.now, turn.contact.id
        )
    turn.settle("consent")
    things = turn.words.listed(turn.words.fact(fact) for fact in turn.believed(topic.name))
    turn.say(f"consenting.{state}", turn.buttons("propose"), things=things)
    turn.may_ask = False
