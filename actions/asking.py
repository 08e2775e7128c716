"""The drip: one well-chosen question per contact, with buttons and free answers, never twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions import confirming, drafting, feedback, moment, past, pausing, pieces, proposing
from actions.naming_topics import topics_in
from actions.remembering import acknowledge, answered, remember
from actions.turn import FALLBACK, SURE, Focus, Turn
from crm_store.questions import Put
from one_to_one.answer_words import Sign, cut
from one_to_one.answers import AnswerKind, read_answer, read_indifferent
from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.folding import fold
from one_to_one.ledger import QuestionState
from one_to_one.planner import Planned, next_question
from one_to_one.pointing import Clause, clauses
from one_to_one.replies import Button
from one_to_one.shop import IN_OWN_WORDS, Topic, TopicKind
from one_to_one.standing import stands

BUTTONS = 8
"""More values than this aren't offered as buttons; they can still be typed."""

SHORT_ANY = 6
"""So many letters at the most has a word for indifference that can also be part of a question ("any")."""

SHORT_CLAUSE = 3
"""So many words at the most has a clause that only says that it doesn't matter."""

MEANINGS = 4
"""If a short word could mean more than this, it isn't asked which."""

MARKS = " ,.;:!\u3001\u3002\uff0c\uff1b\uff1a\uff01"
"""What may end a clause that answers."""

REFUSING = frozenset({"decline", "deny"})
"""Intents by which a question may be refused in any words."""

ANSWERING = frozenset(
    {"inform", "affirm", "deny", "decline", "choose", "change", "chitchat", "praise", FALLBACK}
)
"""Intents whose message may be an answer. Any other says what the customer wants instead."""


async def drip(turn: Turn) -> None:
    """Perhaps ask one question, after everything else was said."""
    if not await moment.fits(turn):
        return
    if await confirming.ask_if_due(turn) or await feedback.ask_if_due(turn):
        return
    planned = next_question(
        turn.pack,
        turn.known,
        await turn.books.questions.ledger(turn.customer.id),
        turn.contact.questions_spent,
        turn.now,
        contact=turn.contact.id,
        history=await past.ordered(turn),
        insight=turn.insight,
    )
    if planned is not None and not _confusing(turn, turn.pack.topics[planned.topic]):
        await ask(turn, planned)


def _confusing(turn: Turn, topic: Topic) -> bool:
    """Whether a bare number could mean both the answer and one of the products on the table."""
    return topic.kind is TopicKind.NUMBER and turn.waits_for("proposal") is not None


async def ask(turn: Turn, planned: Planned) -> None:
    """Put a topic's question, say what the answer is for, and wait for it."""
    topic = turn.pack.topics[planned.topic]
    old = next((fact for fact in turn.facts if fact.id == planned.stale), None)
    if old is None:
        turn.add(put(turn, topic, planned), choices(turn, topic))
        turn.wait_for("question", topic.name, over=True)
    else:
        turn.add(confirm(turn, topic, old), still(turn, topic, old))
        turn.wait_for("still", old.id, over=True)
    if planned.between is not None:
        turn.customer.focus = {**(turn.customer.focus or {}), "between": list(planned.between)}
    kind = "open" if old is None else "confirm"
    await _spend(turn, topic, Put(kind, planned.wording, planned.gain, planned.burden, turn.message.id))


async def _spend(turn: Turn, topic: Topic, put: Put) -> None:
    """One question of the contact's budget."""
    await turn.books.questions.put(turn.customer.id, topic.name, turn.now, turn.contact.id, put, topic.terms)
    await turn.books.contacts.spend_question(turn.contact)


def put(turn: Turn, topic: Topic, planned: Planned) -> str:
    """The question in words: other words when it is put again."""
    wordings = topic.question[turn.language]
    question = wordings[min(planned.wording, len(wordings) - 1)]
    return turn.text("asking.question", question=question, why=topic.why[turn.language])


def confirm(turn: Turn, topic: Topic, old: Fact) -> str:
    """An old answer, to be confirmed rather than asked again."""
    return turn.text("asking.still", fact=turn.words.reason(old, turn.now), why=topic.why[turn.language])


def still(turn: Turn, topic: Topic, old: Fact) -> list[Button]:
    """Still so, no longer, and the way round the question."""
    return [
        turn.button("same", f"still:{old.id}:yes"),
        turn.button("changed", f"still:{old.id}:no"),
        turn.button("skip", f"skip:{topic.name}"),
    ]


def choices(turn: Turn, topic: Topic) -> list[Button]:
    """The values of a topic as buttons, and the way round the question."""
    values = list(topic.values.values())[:BUTTONS]
    buttons = [Button(value.label[turn.language], f"answer:{topic.name}:{value.code}") for value in values]
    return [*buttons, turn.button("skip", f"skip:{topic.name}")]


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as an answer to the open question; False: it isn't one."""
    topic = turn.pack.topics.get(focus["ref"])
    if topic is None or _refuses_something_newer(turn, focus):
        return False
    if beside := _answered_beside(turn, topic):
        return await _take_beside(turn, topic, beside)
    if asks_why_we_ask(turn):
        tell_why(turn, topic, choices(turn, topic))
        return True
    if not _may_answer(turn, topic):
        return False
    stated = [replace(one, relative=0) if one.topic == topic.name else one for one in turn.stated]
    answer, refused = read_answer(turn.said, topic, turn.answers), _refused(turn)
    if any(one.topic == topic.name for one in stated):
        await _accept(turn, topic, stated)  # "a bit stronger" answers the question, and compares nothing
    elif any(one.topic != topic.name for one in turn.heard) or (turn.heard and turn.asks):
        if refused is QuestionState.DECLINED:
            await _mark(turn, topic, refused)
        return False  # about something else, or asked back; "probably dark" is unsure, and an answer
    elif answer.kind is AnswerKind.DECLINED:
        await _decline(turn, topic)
    elif answer.kind is AnswerKind.UNSURE and turn.mentions("proposing.cheapest"):
        return False  # whatever, but the cheapest
    elif answer.kind is AnswerKind.UNSURE:
        await _leave_open(turn, topic)
    elif answer.kind is AnswerKind.VALUES and _plausible(turn, topic):
        await _accept(turn, topic, list(answer.heard))
    elif answer.kind is AnswerKind.LATER:
        await _put_off(turn, topic)
    elif refused is QuestionState.DECLINED:
        await _decline(turn, topic)
    elif refused is not None:
        await _mark(turn, topic, refused)
        turn.say("asking.later", turn.buttons("propose"))
    else:
        return await take_short(turn)
    return True


def _answered_beside(turn: Turn, topic: Topic) -> tuple[Heard, ...]:
    """The answer that stands beside a question of theirs: "this one, but does it matter?"."""
    said = clauses(turn.said, turn.answers)
    if turn.intent not in (*ANSWERING, "catalogue") or not topic.values or not any(one.asks for one in said):
        return ()
    told = (read_answer(one.text.rstrip(MARKS), topic, turn.answers) for one in said if not one.asks)
    return tuple(one for answer in told if answer.kind is AnswerKind.VALUES for one in answer.heard)


async def _take_beside(turn: Turn, topic: Topic, heard: Sequence[Heard]) -> bool:
    """Note the answer, after what they ask about it; False: they ask for something else, too."""
    if any(one.topic != topic.name for one in turn.heard):
        await remember(turn, list(heard))
        acknowledge(turn)
        return False
    if turn.mentions("asking.matters_words"):
        tell_why(turn, topic, [], answered=True)
    await _accept(turn, topic, list(heard))
    return True


def _refused(turn: Turn) -> QuestionState | None:
    """How the question is refused in words that only the bot's reading of the whole makes a refusal.

    They speak of asking or telling; else it is what was proposed that they don't want. None: they don't.
    """
    if turn.intent not in REFUSING or not turn.mentions("asking.telling_words"):
        return None
    later = any(Sign.LATER in piece.signs for piece in cut(turn.said, turn.answers))
    return QuestionState.NOT_NOW if later or turn.mentions("pausing.for_now") else QuestionState.DECLINED


def _refuses_something_newer(turn: Turn, focus: Focus) -> bool:
    """Whether a no comes after something else was talked about, so that it is no answer to the question."""
    asked = focus.get("at", turn.now.isoformat())
    since = [row for row in turn.before if row.direction == "in" and row.at.isoformat() > asked]
    return bool(since) and not turn.heard and turn.intent in ("deny", "decline")


def _may_answer(turn: Turn, topic: Topic) -> bool:
    """Whether the message may be an answer; a value named without asking is one, though it sounds like a look
    at the shelf ("probably the soft one")."""
    if turn.intent in ANSWERING:
        return True
    named = read_answer(turn.said, topic, turn.answers).heard
    return turn.intent == "catalogue" and bool(topic.values and named) and not turn.asks


async def take_short(turn: Turn) -> bool:
    """Read a word or two as an answer to a topic that wasn't asked about; False: it fits none or too many."""
    named = pieces.said(turn)
    if named is not None and named.counted:
        return False  # "two bags" is no answer of a word or two
    found = [one for topic in turn.pack.topics.values() for one in _short_answer(turn, topic)]
    topics = list(dict.fromkeys(one.topic for one in found))
    if len(topics) == 1:
        await _accept(turn, turn.pack.topics[topics[0]], found)
    elif 1 < len(found) <= MEANINGS:
        turn.say("asking.which_meaning", [_meaning(turn, one) for one in found])
        turn.may_ask = False
    return len(topics) == 1 or 1 < len(found) <= MEANINGS


def _short_answer(turn: Turn, topic: Topic) -> tuple[Heard, ...]:
    """The values of a topic that the message names as a short answer would."""
    if topic.sensitive or not topic.values:
        return ()
    answer = read_answer(turn.said, topic, turn.answers)
    return answer.heard if answer.kind is AnswerKind.VALUES else ()


def _meaning(turn: Turn, heard: Heard) -> Button:
    return Button(turn.words.full(heard), f"answer:{heard.topic}:{heard.value}")


def asks_why_we_ask(turn: Turn) -> bool:
    """Whether "why" is about the question, and not about the products that lie under it."""
    if not turn.asks_why:
        return False
    return turn.waits_for("proposal") is None or turn.mentions("asking.about_asking")


def tell_why(turn: Turn, topic: Topic, ways: list[Button], *, answered: bool = False) -> None:
    """What the answer is for, and between which products it decides; once `answered`, no more than that."""
    why = topic.why[turn.language]
    named = (turn.focus or {}).get("between", ())
    names = [turn.pack.products[one].name[turn.language] for one in named if one in turn.pack.products]
    key = "asking.answered." if answered else "asking."
    if len(names) == 2:
        turn.say(f"{key}decides", ways, why=why, one=names[0], other=names[1])
    else:
        turn.say(f"{key}reason", ways, why=why)


def _plausible(turn: Turn, topic: Topic) -> bool:
    """Free words count as an answer unless the bot is sure that they mean something else."""
    if topic.kind not in IN_OWN_WORDS:
        return True
    asks_back = turn.said.rstrip().endswith(("?", "？"))
    return not asks_back and (turn.intent in ("inform", FALLBACK) or turn.confidence < SURE)


async def _accept(turn: Turn, topic: Topic, heard: list[Heard]) -> None:
    await remember(turn, heard)
    if not heard:  # none of these, which is an answer too
        await _mark(turn, topic, QuestionState.ANSWERED)
    turn.settle("question")
    acknowledge(turn)
    if await drafting.show_again(turn, "configuring.now"):
        return
    if topic.bears_on and not turn.wants_consent:
        await proposing.propose(turn)
    else:
        turn.offer(*turn.buttons("propose"))


async def _decline(turn: Turn, topic: Topic) -> None:
    await _mark(turn, topic, QuestionState.DECLINED)
    turn.say("asking.declined", turn.buttons("propose"))


async def _leave_open(turn: Turn, topic: Topic) -> None:
    """They don't know, and may know later; or they don't mind, which is their answer."""
    indifferent = read_indifferent(turn.said, turn.answers)
    await _mark(turn, topic, QuestionState.ANSWERED if indifferent else QuestionState.NOT_NOW)
    turn.say("asking.unsure")
    await proposing.propose(turn)


async def take_indifferent(turn: Turn) -> bool:
    """If they name a topic and don't mind about it, that is their answer, and what was believed of it ends.

    False: they don't, or say something else besides, which is still to be heard.
    """
    topics = _indifferent_to(turn)
    if not topics or turn.message.payload is not None or turn.waits_for("order"):
        return False
    turn.heard = tuple(one for one in turn.heard if one.topic not in topics)
    for topic in topics:
        await _leave(turn, topic)
    table = turn.waits_for("proposal")
    if turn.heard or turn.theirs:
        return False
    named = turn.words.listed(turn.words.topic(topic) for topic in topics)
    turn.say("asking.indifferent", topics=named)
    turn.action = "answer_question"
    if table is None or turn.ended:
        await proposing.propose(turn)
    else:
        await proposing.show_table(turn)
    turn.may_ask = False
    return True


def _indifferent_to(turn: Turn) -> list[str]:
    """The topics about which a clause says that any of it will do."""
    found: list[str] = []
    before: list[str] = []  # what a clause that says nothing else is about
    for clause in clauses(turn.said, turn.answers):
        named = topics_in(turn.pack, clause.text)
        if not _puts_a_question(clause) and _is_indifferent(turn, clause):
            found += named or (before if len(clause.pieces) <= SHORT_CLAUSE else [])
        before = named
    return [one for one in dict.fromkeys(found) if _may_be_open(turn.pack.topics[one])]


def _puts_a_question(clause: Clause) -> bool:
    """Whether a clause ends as a question; "whatever" and its like may stand in any."""
    return clause.asks and clause.text.rstrip()[-1:] in ("?", "\uff1f", "\u55ce", "\u5417")


def _may_be_open(topic: Topic) -> bool:
    return not topic.sensitive and (bool(topic.values) or topic.kind is TopicKind.MONEY)


def _is_indifferent(turn: Turn, clause: Clause) -> bool:
    """Whether a clause says so; "any" alone does only where it is fine."""
    signs = [piece for piece in clause.pieces if Sign.INDIFFERENT in piece.signs]
    clear = any(piece.end - piece.start > SHORT_ANY for piece in signs)
    latin = any(turn.said[piece.start].isascii() for piece in signs)
    if clear or (signs and not latin):
        return True
    said = fold(clause.text)
    return bool(signs) and any(stands(said, word) for word in turn.texts.words("asking.fine_words"))


async def _leave(turn: Turn, topic: str) -> None:
    """Never ask about a topic again, and let go of what is believed of it, except of what must never be."""
    for fact in turn.believed(topic):
        if fact.polarity is not Polarity.NEVER:
            await turn.books.facts.end(fact, turn.now)
            turn.ended.append(fact)
            turn.facts.remove(fact)
    gone = [wish for wish in turn.passing.of("") if wish.topic == topic]
    turn.passing = turn.passing.without(gone)
    await answered(turn, topic)


async def _put_off(turn: Turn, topic: Topic) -> None:
    """Not now: not asked again for a while, and nothing else is offered."""
    await _mark(turn, topic, QuestionState.NOT_NOW)
    turn.settle("proposal")
    turn.say("asking.later")


async def _mark(turn: Turn, topic: Topic, state: QuestionState) -> None:
    await turn.books.questions.mark(turn.customer.id, topic.name, state, turn.now, turn.contact.id)
    if pausing.asked_last(turn) in ([], [topic.name]):  # an older one may be waved aside while another waits
        turn.settle("question")
    turn.may_ask = False


async def tap_answer(turn: Turn) -> None:
    """A value was tapped."""
    name, code = [*turn.arguments, "", ""][:2]
    topic = turn.pack.topics.get(name)
    if topic is None or code not in topic.values:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    label = topic.values[code].label[turn.language]
    await _accept(turn, topic, [Heard(name, code, topic.answer, 1.0, label)])


async def tap_skip(turn: Turn) -> None:
    """The question was waved aside: it is never asked again."""
    topic = turn.pack.topics.get("".join(turn.arguments[:1]))
    if topic is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
    else:
        await _decline(turn, topic)
