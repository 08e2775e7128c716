"""Consent, purpose by purpose: asked in plain words when first needed, kept with those words, taken back by
saying so."""

from __future__ import annotations

from actions import memory, private
from actions.decisions import record
from actions.naming_topics import topics_named
from actions.turn import Focus, Turn
from one_to_one.answers import read_refusal, read_yes_no
from one_to_one.consent import SENSITIVE, Purpose, State, sensitive
from one_to_one.facts import Fact
from one_to_one.folding import fold
from one_to_one.ledger import MOST_PER_CONTACT, QuestionState
from one_to_one.replies import Button

REFUSING = ("deny", "decline", "forget", "withdraw")
"""Intents that answer the question of consent with a no."""

AFTER_ORDERS = frozenset({1, 3})
"""After which orders we ask whether we may write first, as long as that wasn't answered."""


TOGETHER = "+"
"""What stands between sensitive topics that are asked about in one question."""

LONGEST = 56
"""So many bytes of a button are left for what is asked about."""


async def ask(turn: Turn) -> None:
    """Ask whether what was just said may be kept. It counts in this contact either way.

    Of several sensitive things at once it is asked in one question, and decided for each.
    """
    first, *others = turn.wants_consent
    for other in others:
        together = f"{first}{TOGETHER}{other.removeprefix(SENSITIVE)}"
        fits = len(f"consent:{together}".encode()) <= LONGEST
        if first.startswith(SENSITIVE) and other.startswith(SENSITIVE) and fits:
            first = together
    await ask_for(turn, first)


async def ask_for(turn: Turn, purpose: str) -> None:
    """Ask for one purpose, and wait for the answer."""
    turn.add(words_shown(turn, purpose), buttons(turn, purpose))
    turn.wait_for("consent", purpose, over=True)


async def ask_to_write_first(turn: Turn) -> None:
    """After an order, ask whether we may write unasked, unless this contact has held its two questions."""
    if turn.consents.asked(Purpose.UNASKED) or turn.consents.private:
        return
    if turn.contact.questions_spent >= MOST_PER_CONTACT:
        return
    if len(await turn.books.orders.placed(turn.customer.id, max(AFTER_ORDERS) + 1)) in AFTER_ORDERS:
        await ask_for(turn, Purpose.UNASKED)


def words_shown(turn: Turn, purpose: str) -> str:
    """What the customer is told before they decide; kept with their decision."""
    if purpose.startswith(SENSITIVE):
        things = turn.words.listed(map(turn.words.fact, _facts_of(turn, purpose)))
        key = "consenting.question" if things else "consenting.question_open"
        return turn.texts.say(turn.language, key, things=things, topic=_called(turn, purpose))
    return turn.texts.say(turn.language, f"consenting.ask.{purpose}")


def _topics(purpose: str) -> list[str]:
    """The sensitive topics that are asked about together."""
    return purpose.removeprefix(SENSITIVE).split(TOGETHER)


def _facts_of(turn: Turn, purpose: str) -> list[Fact]:
    return [fact for topic in _topics(purpose) for fact in turn.believed(topic)]


def _called(turn: Turn, purpose: str) -> str:
    return turn.words.listed(map(turn.words.topic, _topics(purpose)))


def buttons(turn: Turn, purpose: str) -> list[Button]:
    """Yes and no."""
    name = purpose.removeprefix(SENSITIVE)
    kind = "keep" if purpose.startswith(SENSITIVE) else purpose
    return [
        turn.button(f"consent_yes_{kind}", f"consent:{name}:yes"),
        turn.button(f"consent_no_{kind}", f"consent:{name}:no"),
    ]


def asked_now(turn: Turn, purpose: str) -> bool:
    """Whether it was asked in this visit already, and perhaps passed over: it isn't asked again then."""
    yes = f"consent:{purpose}:yes"
    return any(
        button["payload"] == yes
        for row in turn.before
        if row.direction == "out" and row.at >= turn.contact.started_at
        for button in row.buttons or ()
    )


def purpose_named(turn: Turn, name: str) -> str | None:
    """The purpose that a button or a focus means; None: there is no such purpose in this shop."""
    if name in list(Purpose):
        return name
    topics = [turn.pack.topics.get(one) for one in _topics(name)]
    return sensitive(TOGETHER.join(_topics(name))) if all(one and one.sensitive for one in topics) else None


async def take(turn: Turn, focus: Focus) -> bool:
    """Read a yes or no; False: the message is about something else, and the question stays open."""
    purpose = purpose_named(turn, focus["ref"])
    if purpose is None or turn.heard or _is_about_another(turn, purpose) or _confirms_the_draft(turn):
        return False
    if memory.means_all(turn):
        await memory.ask_forget_all(turn)
        return True
    said = read_yes_no(turn.said, turn.answers)
    if said is None and read_refusal(turn.said, turn.answers):
        said = False
    if said is None and turn.intent in ("affirm", "allow", *REFUSING):
        said = turn.intent in ("affirm", "allow")
    if said is None:
        return False
    await decide(turn, purpose, State.GRANTED if said else State.DENIED)
    return True


def _confirms_the_draft(turn: Turn) -> bool:
    """Whether they type what stands on the button of the draft that lies under the question."""
    titles = turn.texts.words("talk.button.confirm")
    return turn.waits_for("order") is not None and fold(turn.said.strip()) in titles


def _is_about_another(turn: Turn, purpose: str) -> bool:
    """Whether they decide about something sensitive by name that isn't what was asked."""
    named = [sensitive(name) for name in topics_named(turn) if turn.pack.topics[name].sensitive]
    return bool(named) and named[0].removeprefix(SENSITIVE) not in _topics(purpose)


async def tap_consent(turn: Turn) -> None:
    """Yes or no was tapped: to a question, or in the overview."""
    name, said = [*turn.arguments, "", ""][:2]
    purpose = purpose_named(turn, name)
    if purpose is None or said not in ("yes", "no"):
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    state = State.GRANTED if said == "yes" else _no_to(turn, purpose)
    await decide(turn, purpose, state)


def _no_to(turn: Turn, purpose: str) -> State:
    """A no to a question is a refusal; to something that was allowed, taking it back."""
    waiting = turn.waits_for("consent")
    asked = waiting is not None and purpose_named(turn, waiting["ref"]) == purpose
    return State.DENIED if asked else State.REVOKED


async def decide(turn: Turn, purpose: str, state: State) -> None:
    """Write the decision down with the words shown, act on it, and say what it means."""
    words = words_shown(turn, purpose)
    each = [sensitive(one) for one in _topics(purpose)] if purpose.startswith(SENSITIVE) else [purpose]
    for one in each:
        await record(turn, one, state, words)
    turn.settle("consent")
    turn.may_ask = False
    if purpose.startswith(SENSITIVE):
        await _decide_sensitive(turn, purpose, state)
    elif purpose == Purpose.REMEMBERING:
        await _decide_remembering(turn, state)
    else:
        if purpose == Purpose.UNASKED:  # the same as /stop, and as coming back from it
            turn.customer.stopped_at = None if state is State.GRANTED else turn.now
        turn.say(f"consenting.{purpose}.{_told(state)}", turn.buttons("propose"))


def _told(state: State) -> str:
    return "on" if state is State.GRANTED else "off"


async def _decide_sensitive(turn: Turn, purpose: str, state: State) -> None:
    known = _facts_of(turn, purpose)
    things = turn.words.listed(turn.words.fact(fact) for fact in known)
    if state is State.GRANTED:
        await _keep(turn, *_topics(purpose))
    else:
        for topic in (one for one in _topics(purpose) if not _needed_anew(turn, one)):
            await turn.books.questions.mark(
                turn.customer.id, topic, QuestionState.DECLINED, turn.now, turn.contact.id
            )
    if state is State.REVOKED:
        await private.only_for_now(turn, known)
    key = state.value if things else f"{state.value}_open"
    turn.say(f"consenting.{key}", turn.buttons("propose"), things=things, topic=_called(turn, purpose))


def _needed_anew(turn: Turn, topic: str) -> bool:
    """Whether each order needs it: then it was said, isn't kept, and is asked for again with the next."""
    module = turn.pack.modules.get(topic)
    return module is not None and bool(module.ask)


async def _keep(turn: Turn, *topics: str) -> None:
    """What was for this contact only stays."""
    for fact in [fact for fact in turn.facts if fact.topic in topics and fact.provisional]:
        kept = await turn.books.facts.keep(fact)
        turn.facts = [kept if one.id == fact.id else one for one in turn.facts]


async def _decide_remembering(turn: Turn, state: State) -> None:
    if state is State.GRANTED:
        plain = [topic.name for topic in turn.pack.topics.values() if not topic.sensitive]
        await _keep(turn, *plain)
        turn.say("consenting.remembering.on", turn.buttons("propose"))
    elif state is State.DENIED:
        turn.say("consenting.remembering.denied", turn.buttons("propose"))
    else:
        await private.enter(turn)
