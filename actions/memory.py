"""What do you know about me? The list, each thing to be corrected or forgotten, and everything at once."""

from __future__ import annotations

from collections.abc import Sequence

from actions import asking
from actions.remembering import acknowledge, purpose, remember
from actions.turn import Focus, Turn, contains
from crm_store import forgetting
from one_to_one.answers import AnswerKind, read_answer, read_refusal, read_yes_no
from one_to_one.facts import Fact, Heard
from one_to_one.folding import fold
from one_to_one.replies import Button
from one_to_one.shop import Topic, TopicKind

PAGE = 5
"""Things told at once."""


async def know(turn: Turn) -> None:
    """List what is believed, in plain words, with the day and the words it came from."""
    turn.may_ask = False
    facts = turn.facts
    start = turn.number(0) or 0
    if not facts:
        turn.say("memory.nothing", turn.buttons("propose"))
        return
    page = facts[start : start + PAGE] or facts[:PAGE]
    lead = turn.text("memory.lead" if start == 0 else "memory.more", count=len(facts))
    lines = [_line(turn, fact) for fact in page]
    rest = [turn.button("more", f"know:{start + PAGE}")] if start + PAGE < len(facts) else []
    turn.add("\n".join([lead, *lines]), [*_buttons(turn, page), *rest, turn.button("forgetall", "forgetall")])


def _line(turn: Turn, fact: Fact) -> str:
    return turn.texts.say(
        turn.language,
        _how(fact),
        topic=turn.words.topic(fact.topic),
        thing=turn.words.stance(fact),
        when=turn.words.day(fact.source.at),
        words=fact.words,
    )


def _how(fact: Fact) -> str:
    """The text that says how we know it."""
    if not fact.stated:
        return "memory.supposed"
    if fact.source.message is None:
        return "memory.given"
    return "memory.said" if fact.words else "memory.chosen"


def _buttons(turn: Turn, facts: Sequence[Fact]) -> list[Button]:
    buttons = []
    for fact in facts:
        thing = turn.words.fact(fact)
        if fact.topic in turn.pack.topics:
            buttons.append(turn.button("correct", f"correct:{fact.id}", thing=thing))
        buttons.append(turn.button("forget", f"forget:{fact.id}", thing=thing))
    return buttons


async def _tapped(turn: Turn) -> Fact | None:
    """The fact a button belongs to, if it is still believed of this customer; None, and said so."""
    number = turn.number(0)
    fact = next((one for one in turn.facts if one.id == number), None)
    if fact is None:
        turn.say("memory.gone", turn.buttons("know"))
    return fact


async def tap_forget(turn: Turn) -> None:
    """Forget this one thing."""
    fact = await _tapped(turn)
    if fact is not None:
        await _forget(turn, [fact])


async def _forget(turn: Turn, facts: Sequence[Fact]) -> None:
    things = turn.words.listed(turn.words.fact(fact) for fact in facts)
    for fact in facts:
        await turn.books.facts.retract(fact, turn.now)
    turn.facts = [fact for fact in turn.facts if fact not in facts]
    turn.say("memory.forgotten", turn.buttons("know"), things=things)
    await _revoke(turn, {fact.topic for fact in facts})
    turn.may_ask = False


async def _revoke(turn: Turn, topics: set[str]) -> None:
    """Who has something sensitive forgotten takes back the consent to keep it."""
    for name in topics:
        if name in turn.pack.topics and turn.pack.topics[name].sensitive:
            words = turn.replies[-1].text
            await turn.books.consents.record(
                turn.customer.id, purpose(name), "revoked", words, turn.now, turn.message.id
            )


async def tap_correct(turn: Turn) -> None:
    """This one thing is different: ask how."""
    fact = await _tapped(turn)
    if fact is None:
        return
    if fact.topic not in turn.pack.topics:
        turn.say("lost.button", turn.buttons("know", "help"))
        return
    topic = turn.pack.topics[fact.topic]
    values = asking.choices(turn, topic)[:-1]
    ways = [*values, turn.button("forget", f"forget:{fact.id}", thing=turn.words.fact(fact))]
    turn.say("memory.correct", ways, thing=turn.words.fact(fact), topic=topic.label[turn.language])
    turn.wait_for("correct", fact.id)
    turn.may_ask = False


async def take_correction(turn: Turn, focus: Focus) -> bool:
    """Read the message as what is true instead; False: it is about something else."""
    fact = next((one for one in turn.facts if str(one.id) == focus["ref"]), None)
    topic = turn.pack.topics.get(fact.topic) if fact else None
    heard = _corrected(turn, topic) if topic else []
    if fact is None or not heard:
        return False
    await turn.books.facts.retract(fact, turn.now)
    turn.facts = [one for one in turn.facts if one.id != fact.id]
    turn.settle("correct")
    await remember(turn, heard)
    acknowledge(turn)
    turn.may_ask = False
    return True


def _corrected(turn: Turn, topic: Topic) -> list[Heard]:
    about = [one for one in turn.stated if one.topic == topic.name]
    if about:
        return list(turn.stated)
    answer = read_answer(turn.said, topic, turn.answers)
    return list(answer.heard) if answer.kind is AnswerKind.VALUES else []


async def forget(turn: Turn) -> None:
    """Forget that I …: those things; without saying what: everything, after asking."""
    turn.may_ask = False
    about = {(one.topic, one.value) for one in turn.heard}
    facts = [fact for fact in turn.facts if (fact.topic, fact.value) in about] or _by_topic(turn)
    if facts:
        await _forget(turn, facts)
    elif about:
        turn.say("memory.not_known", turn.buttons("know"))
    else:
        await ask_forget_all(turn)


def _by_topic(turn: Turn) -> list[Fact]:
    """What is known about a topic that the message calls by its name, such as their own name."""
    if turn.heard:
        return []
    said = fold(turn.said)
    named = {
        topic.name
        for topic in turn.pack.topics.values()
        if any(contains(said, fold(label)) for label in topic.label.values())
        or (topic.kind is TopicKind.NAME and turn.mentions("memory.name_words"))
    }
    return [fact for fact in turn.facts if fact.topic in named]


async def ask_forget_all(turn: Turn) -> None:
    """Everything? It can't be undone."""
    turn.say("memory.sure", [turn.button("forgetyes", "forgetyes"), turn.button("keep", "know")])
    turn.wait_for("forgetall", "")
    turn.may_ask = False


async def take_forget_all(turn: Turn, _: Focus) -> bool:
    """Read yes or no; anything else leaves everything as it is."""
    said = read_yes_no(turn.said, turn.answers)
    turn.settle("forgetall")
    if said is True:
        await forget_everything(turn)
        return True
    if said is False or read_refusal(turn.said, turn.answers) or turn.mentions("memory.keep_words"):
        turn.say("memory.kept")
        turn.may_ask = False
        return True
    return False


async def forget_everything(turn: Turn) -> None:
    """Forget all that was learned about this customer, and say how much that was."""
    receipt = await forgetting.forget(turn.books, turn.customer.id, turn.message.id, turn.now)
    turn.customer.focus = None
    turn.facts = []
    turn.say("memory.erased", count=receipt.counts.get("fact", 0), when=turn.words.day(turn.now))
    turn.may_ask = False
