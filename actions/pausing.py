"""Don't ask me about this, or don't ask me at all: it rests until the customer says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from actions.naming_topics import topics_named
from actions.turn import QUESTIONS, Turn
from one_to_one.answers import AnswerKind, read_answer
from one_to_one.ledger import Question, QuestionState
from one_to_one.replies import Button
from one_to_one.shop import ShopPack

ALL = "*"
"""On a button, in place of a topic: all of them."""


async def pause(turn: Turn) -> None:
    """Stop asking about the topics named, or about the one that was just asked."""
    turn.may_ask = False
    if means_all(turn):
        await _pause_all(turn)
        return
    names = topics_named(turn) or [one.topic for one in turn.heard] or asked_last(turn)
    if names:
        await _set(turn, names, QuestionState.PAUSED)
        turn.settle("question")
        things = turn.words.listed(turn.words.topic(name) for name in names)
        turn.say("pausing.paused", [_again(turn, names[0]), *turn.buttons("know")], topics=things)
    else:
        turn.say("pausing.which", [turn.button("privacy", "privacy"), *turn.buttons("know")])


def means_all(turn: Turn) -> bool:
    """Whether they want no questions at all, of whatever topic."""
    return turn.mentions("pausing.everything") and not topics_named(turn)


async def _pause_all(turn: Turn) -> None:
    await _set(turn, list(turn.pack.topics), QuestionState.PAUSED)
    turn.settle("question", "still", "contradiction", "rating")
    turn.say("pausing.paused_all", [turn.button("resume_all", f"pause:{ALL}:off"), *turn.buttons("know")])


def wants_none(pack: ShopPack, ledger: Mapping[str, Question]) -> bool:
    """Whether no topic is left that may be asked about: then nothing else is asked either."""
    lines = [ledger.get(name) for name in pack.topics]
    return bool(lines) and all(line is not None and line.state is QuestionState.PAUSED for line in lines)


def wants_quiet(turn: Turn) -> bool:
    """Whether they want no questions just now, and not only one topic left alone, nor none for good."""
    if turn.message.payload is not None or topics_named(turn):
        return False
    if means_all(turn):
        return turn.mentions("pausing.for_now")
    return turn.mentions("pausing.words_none") or turn.is_all_of("pausing.words_none_alone")


async def leave_off(turn: Turn) -> None:
    """No more questions in this contact: the open one waits, and what they want instead is done."""
    turn.may_ask = False
    turn.passing = replace(turn.passing, quiet=True)
    for name in asked_last(turn):
        refused = read_answer(turn.said, turn.pack.topics[name], turn.answers).kind is AnswerKind.DECLINED
        state = QuestionState.DECLINED if refused else QuestionState.NOT_NOW
        await turn.books.questions.mark(turn.customer.id, name, state, turn.now, turn.contact.id)
    turn.settle("question")
    turn.say("pausing.none", turn.buttons("propose"))


def wants_to_see(turn: Turn) -> bool:
    """Whether the same words ask to be shown something."""
    return bool(turn.heard) or turn.mentions("pausing.words_show")


async def put_off(turn: Turn) -> None:
    """What was asked beside the products is waved aside together with them: not now."""
    who, state = turn.customer.id, QuestionState.NOT_NOW
    for name in asked_last(turn):
        await turn.books.questions.mark(who, name, state, turn.now, turn.contact.id)
    turn.settle("question")


def asked_last(turn: Turn) -> list[str]:
    """The topic of the question that waits for its answer, whatever kind of question it is."""
    waiting = [str(focus["ref"]) for focus in turn.layers() if focus["kind"] in QUESTIONS]
    topic_of = {str(fact.id): fact.topic for fact in turn.facts}
    names = [topic_of.get(ref, ref) for ref in waiting]
    return [name for name in names if name in turn.pack.topics]


async def pause_if_meant(turn: Turn) -> bool:
    """Pause when the words are about asking; False: they are about something else."""
    if means_all(turn):
        await pause(turn)
        return True
    if not turn.mentions("pausing.words"):
        return False
    if not (topics_named(turn) or asked_last(turn)):
        return False
    await pause(turn)
    return True


async def resume_if_meant(turn: Turn) -> bool:
    """Ask again about the topics named, when the words are about asking; False: they aren't."""
    if not turn.mentions("pausing.asking_words"):
        return False
    names = topics_named(turn) or [one.topic for one in turn.heard]
    if names:
        await resume(turn, names)
    elif await paused(turn):
        await _resume_all(turn)
    else:
        return False
    return True


async def _resume_all(turn: Turn) -> None:
    for name in await paused(turn):
        await turn.books.questions.reopen(turn.customer.id, name)
        await turn.books.audit.record("customer", "resume", turn.customer.id, turn.now, topic=name)
    turn.say("pausing.resumed_all", turn.buttons("know"))
    turn.may_ask = False


async def resume(turn: Turn, names: list[str]) -> None:
    """These topics may come up again."""
    await _set(turn, names, QuestionState.UNASKED)
    things = turn.words.listed(turn.words.topic(name) for name in names)
    turn.say("pausing.resumed", turn.buttons("know"), topics=things)
    turn.may_ask = False


async def tap_pause(turn: Turn) -> None:
    """A topic was tapped to rest, or to be asked about again."""
    name, how = [*turn.arguments, "", ""][:2]
    if name == ALL and how == "off":
        await _resume_all(turn)
    elif name not in turn.pack.topics:
        turn.say("lost.button", turn.buttons("know", "help"))
    elif how == "off":
        await resume(turn, [name])
    else:
        await _set(turn, [name], QuestionState.PAUSED)
        turn.say("pausing.paused", [_again(turn, name), *turn.buttons("know")], topics=turn.words.topic(name))
        turn.may_ask = False


def _again(turn: Turn, name: str) -> Button:
    return turn.button("resume", f"pause:{name}:off", topic=turn.words.topic(name))


def switch(turn: Turn, name: str, ledger: Mapping[str, Question]) -> Button:
    """To let a topic rest, or to open it again."""
    line = ledger.get(name)
    if line is not None and line.state is QuestionState.PAUSED:
        return _again(turn, name)
    return turn.button("pause", f"pause:{name}:on", topic=turn.words.topic(name))


async def paused(turn: Turn) -> list[str]:
    """The topics that rest."""
    ledger = await turn.books.questions.ledger(turn.customer.id)
    resting = [line.topic for line in ledger.values() if line.state is QuestionState.PAUSED]
    return [name for name in resting if name in turn.pack.topics]


async def _set(turn: Turn, names: list[str], state: QuestionState) -> None:
    what = "pause" if state is QuestionState.PAUSED else "resume"
    for name in names:
        await turn.books.questions.mark(turn.customer.id, name, state, turn.now, turn.contact.id)
        await turn.books.audit.record("customer", what, turn.customer.id, turn.now, topic=name)
