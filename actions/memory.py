"""What do you know about me? The list, each thing to be corrected or forgotten, and everything at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions import acquainted, asking, company, pausing, proposing, telling
from actions.decisions import record
from actions.naming_topics import topics_named
from actions.remembering import acknowledge, remember
from actions.turn import Focus, Turn
from crm_store import forgetting
from one_to_one.answers import AnswerKind, read_answer, read_refusal, read_yes_no
from one_to_one.consent import State, sensitive
from one_to_one.facts import Fact, Heard
from one_to_one.folding import fold
from one_to_one.ledger import Question
from one_to_one.passing import Passing
from one_to_one.replies import Button
from one_to_one.shop import Topic
from one_to_one.standing import stands

PAGE = 4
"""Things told at once."""

MOST_ORDERS = 1000
"""Orders that are counted when we say what the law has us keep."""


async def know(turn: Turn) -> None:
    """List what is believed, in plain words: since when, from which words, why we asked, and what for."""
    turn.may_ask = False
    facts = sorted(turn.facts, key=lambda fact: _place(turn, fact))
    start = turn.number(0) or 0
    others, forgetting_others = await acquainted.tell(turn)
    if not facts and others:
        turn.add("\n".join(others), [*forgetting_others, *turn.buttons("privacy", "forgetall")])
        return
    if not facts:
        key = "memory.nothing_private" if turn.consents.private else "memory.nothing"
        turn.say(key, turn.buttons("propose", "privacy"))
        if (buys_for := company.remembered(turn)) is not None:
            turn.add(buys_for, [company.leave_button(turn)])
        return
    await turn.books.audit.record("customer", "see", turn.customer.id, turn.now, facts=len(facts))
    page = facts[start : start + PAGE] or facts[:PAGE]
    lead = "memory.lead_private" if turn.consents.private else "memory.lead"
    first = turn.text(lead if start == 0 else "memory.more", count=len(facts))
    buys_for = company.remembered(turn) if start == 0 else None
    ledger = await turn.books.questions.ledger(turn.customer.id)
    lines = list(telling.lines(turn, page, ledger))
    rest = [turn.button("more", f"know:{start + PAGE}")] if start + PAGE < len(facts) else []
    ways = [*_buttons(turn, page, ledger), *rest, *turn.buttons("privacy", "forgetall")]
    if start + PAGE >= len(facts):
        lines, ways = [*lines, *others], [*forgetting_others, *ways]
    if buys_for is not None:
        lines, ways = [*lines, buys_for], [*ways, company.leave_button(turn)]
    turn.add("\n".join([first, *lines]), ways)


def _place(turn: Turn, fact: Fact) -> tuple[int, int]:
    """What belongs to one topic stands together, in the order the topics were first talked of."""
    return min(one.id for one in turn.facts if one.topic == fact.topic), fact.id


def _buttons(turn: Turn, facts: Sequence[Fact], ledger: Mapping[str, Question]) -> list[Button]:
    """To correct and to forget each thing, and to let each topic rest."""
    buttons, topics = [], set[str]()
    for fact in facts:
        thing = turn.words.fact(fact)
        if fact.topic in turn.pack.topics:
            buttons.append(turn.button("correct", f"correct:{fact.id}", thing=thing))
        buttons.append(turn.button("forget", f"forget:{fact.id}", thing=thing))
        if fact.topic in turn.pack.topics and fact.topic not in topics:
            buttons.append(pausing.switch(turn, fact.topic, ledger))
            topics.add(fact.topic)
    return buttons


async def _tapped(turn: Turn) -> Fact | None:
    """The fact a button belongs to, if it is still believed of this customer; None, and said so."""
    number = turn.number(0)
    fact = next((one for one in turn.facts if one.id == number), None)
    if fact is None:
        turn.say("memory.gone", turn.buttons("know"))
    return fact


async def tap_forget(turn: Turn) -> None:
    """Forget this one thing, or what was told of one person."""
    if turn.arguments[:1] == [acquainted.OF]:
        await acquainted.forget(turn, "".join(turn.arguments[1:2]))
        return
    fact = await _tapped(turn)
    if fact is not None:
        await _forget(turn, [fact])


async def _forget(turn: Turn, facts: Sequence[Fact]) -> None:
    things = turn.words.listed(turn.words.fact(fact) for fact in facts)
    for fact in facts:
        await turn.books.facts.forget(fact)
        await turn.books.audit.record(
            "customer", "forget", turn.customer.id, turn.now, topic=fact.topic, rows=1
        )
    turn.facts = [fact for fact in turn.facts if fact not in facts]
    turn.say("memory.forgotten", turn.buttons("know"), things=things)
    await _revoke(turn, {fact.topic for fact in facts})
    turn.may_ask = False


async def _revoke(turn: Turn, topics: set[str]) -> None:
    """Who has something sensitive forgotten takes back the consent to keep it."""
    for name in topics:
        if name in turn.pack.topics and turn.pack.topics[name].sensitive:
            await record(turn, sensitive(name), State.REVOKED, turn.replies[-1].text)


async def tap_correct(turn: Turn) -> None:
    """This one thing is different: ask how."""
    fact = await _tapped(turn)
    if fact is None:
        return
    if fact.topic not in turn.pack.topics:
        turn.say("lost.button", turn.buttons("know", "help"))
        return
    if turn.arguments[1:2] == ["again"]:  # tapped below a proposal that went by it
        await proposing.tap_anew(turn, fact)
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
    await turn.books.audit.record("customer", "correct", turn.customer.id, turn.now, topic=fact.topic)
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
    if not turn.heard and await forget_just_said(turn):
        return
    if not turn.heard and not means_all(turn) and await acquainted.forget_named(turn):
        return
    about = {(one.topic, one.value) for one in turn.heard}
    named = [] if about else topics_named(turn)
    facts = [f for f in turn.facts if (f.topic, f.value) in about or f.topic in named]
    if not facts:  # a word may be read as a taste where it is an allergy that is known
        facts = [fact for fact in turn.known if _is_named(turn, fact)]
    if facts:
        await _forget(turn, facts)
    elif named:
        things = turn.words.listed(turn.words.topic(name) for name in named)
        turn.say("memory.not_known_topic", turn.buttons("know"), topics=things)
    elif about:
        turn.say("memory.not_known", turn.buttons("know"))
    else:
        await ask_forget_all(turn)


async def deny_said(turn: Turn) -> bool:
    """If they say that they never said it, forget it, or that nothing of it is kept; False: they don't."""
    if turn.heard or not turn.mentions("memory.not_said_words"):
        return False
    facts = [fact for fact in turn.known if _is_named(turn, fact)]
    if facts:
        await _forget(turn, facts)
    else:
        turn.say("memory.not_known", turn.buttons("know"))
    turn.action, turn.may_ask = "action_forget", False
    return True


async def forget_just_said(turn: Turn) -> bool:
    """Forget what the message before told ("don't keep that"); False: it told nothing, or they mean more."""
    if not turn.mentions("memory.this_words") or turn.mentions("memory.all_words"):
        return False
    before = next((row for row in reversed(turn.before) if row.direction == "in"), None)
    told = [fact for fact in turn.facts if before is not None and fact.source.message == before.id]
    if told:
        await _forget(turn, told)
    return bool(told)


def _is_named(turn: Turn, fact: Fact) -> bool:
    """Whether a word for what is believed is in the message."""
    value, said = turn.pack.topics[fact.topic].values.get(fact.value), fold(turn.said)
    return value is not None and any(
        stands(said, fold(word)) for words in value.words.values() for word in words
    )


def means_all(turn: Turn) -> bool:
    """Whether their words are about everything, and not about one topic of it."""
    return turn.mentions("memory.all_words") and not topics_named(turn)


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
    count = len(turn.facts)
    await forgetting.forget(turn.books, turn.customer.id, turn.message.id, turn.now)
    turn.customer.focus, turn.passing, turn.facts = None, Passing(), []
    orders = len(await turn.books.orders.placed(turn.customer.id, MOST_ORDERS))
    kept = turn.text("memory.kept_orders", count=orders) if orders else ""
    turn.say("memory.erased", count=count, when=turn.words.day(turn.now), kept=kept)
    turn.may_ask = False
