"""One fitting question about somebody else's taste: from the same budget, and never twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions import asking, measuring, moment, past, presents, proposing, whose
from actions.laying_out import person
from actions.turn import Focus, Turn
from crm_store.questions import Put
from one_to_one.answers import AnswerKind, read_answer
from one_to_one.facts import Heard
from one_to_one.insight import NOTHING
from one_to_one.ledger import Question, QuestionState
from one_to_one.passing import SOMEBODY
from one_to_one.planner import Planned, Standing, next_question
from one_to_one.replies import Button
from one_to_one.shop import Topic, Value

FOCUS = "theirs"
"""The kind of thing that is waited for: an answer about somebody else."""


def line_of(topic: str, who: str) -> str:
    """What a question about somebody else is called in the ledger."""
    return f"{topic}@{who}"


async def ask_if_worth(turn: Turn) -> None:
    """After products for somebody of whom they know more than we do: perhaps ask what would help most."""
    who = turn.passing.about
    if who in ("", SOMEBODY) or turn.consents.private or not await moment.fits(turn):
        return
    ledger = await turn.books.questions.ledger(turn.customer.id)
    spent, contact = turn.contact.questions_spent, turn.contact.id
    silent = Standing(turn.pack, (), ledger, spent, turn.now, contact, (), NOTHING).silence is not None
    if silent:
        return
    history = await past.given(turn, who)
    planned = next_question(
        turn.pack, turn.wished, _about(turn, ledger, who), spent, turn.now,
        contact=contact, history=history, insight=turn.insight,
    )  # fmt: skip
    if planned is not None:
        await _ask(turn, planned, who)


def _about(turn: Turn, ledger: Mapping[str, Question], who: str) -> dict[str, Question]:
    """What may not be asked about a person counts as answered: what was asked once, whatever came of it, what
    is sensitive, and what only the customer can decide, such as how it is made up."""
    told = {fact.topic for fact in turn.wished}
    lines: dict[str, Question] = {}
    for name, topic in turn.pack.topics.items():
        if name in told or line_of(name, who) in ledger or not _can_be_asked(turn, topic):
            lines[name] = Question(name, QuestionState.ANSWERED, turn.now, 0, None)
    return lines


def _can_be_asked(turn: Turn, topic: Topic) -> bool:
    told_of_products = any(topic.name in product.attributes for product in turn.pack.products.values())
    bears = told_of_products or bool(topic.suits)
    return bool(topic.values) and bears and not topic.sensitive and topic.name not in turn.pack.modules


async def _ask(turn: Turn, planned: Planned, who: str) -> None:
    topic = turn.pack.topics[planned.topic]
    values = list(topic.values.values())[: asking.BUTTONS]
    choices = turn.words.listed(value.label[turn.language] for value in values)
    buttons = _choices(turn, values, line_of(topic.name, who))
    turn.add(turn.text("presents.question", person=person(turn), choices=choices), buttons)
    turn.wait_for(FOCUS, line_of(topic.name, who), over=True)
    put = Put("open", planned.wording, planned.gain, planned.burden, turn.message.id)
    await turn.books.questions.put(
        turn.customer.id, line_of(topic.name, who), turn.now, turn.contact.id, put, topic.terms
    )
    await turn.books.contacts.spend_question(turn.contact)


def _choices(turn: Turn, values: Sequence[Value], line: str) -> list[Button]:
    buttons = [Button(value.label[turn.language], f"answer:{line}:{value.code}") for value in values]
    return [*buttons, turn.button("not_known", f"skip:{line}")]


def asked(turn: Turn, line: str) -> tuple[Topic, str] | None:
    """The topic and the person of a question's line; None: it isn't about somebody else."""
    name, _, who = line.partition("@")
    topic = turn.pack.topics.get(name)
    return (topic, who) if topic is not None and who else None


async def settle(turn: Turn) -> None:
    """If the message tells what was asked about somebody else, that question is answered."""
    focus = turn.waits_for(FOCUS)
    found = None if focus is None else asked(turn, str(focus["ref"]))
    if found is not None and any(one.topic == found[0].name for one in turn.theirs):
        await _mark(turn, *found, QuestionState.ANSWERED)


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as an answer about somebody else; False: it isn't one."""
    found = asked(turn, str(focus["ref"]))
    if found is None or turn.heard:
        return False
    topic, who = found
    answer, table = read_answer(turn.said, topic, turn.answers), turn.waits_for("proposal")
    unsure = table is not None and presents.knows_not(turn, table)
    if answer.kind is AnswerKind.VALUES and not unsure:
        await accept(turn, topic, who, answer.heard)
    elif unsure or answer.kind in (AnswerKind.UNSURE, AnswerKind.LATER):
        await _mark(turn, topic, who, QuestionState.NOT_NOW)
        await presents.leave_open(turn)
    elif answer.kind is AnswerKind.DECLINED:
        await refuse(turn, topic, who)
    else:
        return False
    return True


async def accept(turn: Turn, topic: Topic, who: str, heard: tuple[Heard, ...]) -> None:
    """What they said is kept for the person, and what is proposed goes by it."""
    await _mark(turn, topic, who, QuestionState.ANSWERED)
    turn.theirs = tuple(replace(one, who=who) for one in heard)
    turn.heard = ()
    whose.note_theirs(turn, turn.theirs)
    await proposing.propose(turn)


async def refuse(turn: Turn, topic: Topic, who: str) -> None:
    """Never asked about this person again."""
    await _mark(turn, topic, who, QuestionState.DECLINED)
    await presents.leave_open(turn)


async def tap_answer(turn: Turn) -> None:
    """A value was tapped: of the customer's own, or of somebody else's."""
    found = asked(turn, "".join(turn.arguments[:1]))
    code = "".join(turn.arguments[1:2])
    if found is None or code not in found[0].values:
        await asking.tap_answer(turn)
        return
    topic, who = found
    label = topic.values[code].label[turn.language]
    await accept(turn, topic, who, (Heard(topic.name, code, topic.answer, 1.0, label),))


async def tap_skip(turn: Turn) -> None:
    """A question was waved aside: about themselves, or about somebody else."""
    found = asked(turn, "".join(turn.arguments[:1]))
    if found is None:
        await measuring.tap_skip(turn)
    else:
        await refuse(turn, *found)


async def _mark(turn: Turn, topic: Topic, who: str, state: QuestionState) -> None:
    await turn.books.questions.mark(
        turn.customer.id, line_of(topic.name, who), state, turn.now, turn.contact.id
    )
    turn.settle(FOCUS)
    turn.may_ask = False
