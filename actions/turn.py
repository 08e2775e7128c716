"""One turn of the conversation: what was said, what is known, and what is answered."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from crm_store.books import Books
from crm_store.companies import Member
from crm_store.models import ContactRow, CustomerRow, MessageRow
from one_to_one.answer_words import Sign, cut
from one_to_one.answers import AnswerWords
from one_to_one.binding import Barred, barred_by
from one_to_one.company import GROUP
from one_to_one.consent import Consents
from one_to_one.crowd import Crowd
from one_to_one.facts import Fact, FactId, Heard, MessageId, Source
from one_to_one.folding import fold
from one_to_one.history import Ordered
from one_to_one.insight import NOTHING, Insight
from one_to_one.language import Language
from one_to_one.passing import Passing
from one_to_one.replies import Button, Reply
from one_to_one.shop import Remembering, ShopPack, TopicKind
from one_to_one.standing import stands
from one_to_one.texts import Texts
from one_to_one.wording import Wording

READ_CHARACTERS = 1000
"""Neither the bot nor we read further into a message."""

FALLBACK = "nlu_fallback"
"""The intent of what the bot did not understand."""

WISHED = 0.5
"""Up to this confidence something was only asked for ("do you have ...?"): a wish, and no fact."""

QUESTIONS = ("question", "still", "contradiction", "theirs")
"""The kinds of question of the drip: open, an old answer to confirm, what goes against a firm belief, and
what somebody likes whom they buy for."""

PASSING = (*QUESTIONS, "usual", "thing", "consent", "forgetall", "correct", "rating")
"""What is waited for no longer once a new contact is about something else."""

SURE = 0.6
"""Below this confidence an intent is a guess: what else we know of the message weighs more."""

SHORT_QUESTION = 24
"""Characters within which "why" is all there is to a question."""

_SIGNS = re.compile(r"[^\w]+")
"""Whatever stands between words."""

type Focus = Mapping[str, Any]


@dataclass(slots=True)
class Turn:
    """Everything an answer needs; collects the replies."""

    pack: ShopPack
    texts: Texts
    answers: AnswerWords
    books: Books
    customer: CustomerRow
    contact: ContactRow
    message: MessageRow
    before: Sequence[MessageRow]  # the latest messages of both sides, oldest first, without this one
    intent: str
    confidence: float
    heard: tuple[Heard, ...]  # of the customer themselves, wishes asked as a question included
    theirs: tuple[Heard, ...]  # tastes of somebody else whom the message speaks of
    rest: str  # what was typed, without the words that preferences were read from
    language: Language
    now: datetime  # aware, UTC
    facts: list[Fact]  # believed now, those of this contact included
    replies: list[Reply] = field(default_factory=list)
    may_ask: bool = True  # whether a drip question may follow
    action: str | None = None  # what was done, where that isn't what the bot asked for
    wants_consent: list[str] = field(default_factory=list)  # purposes to ask about, for what was heard
    placed: bool = False  # whether an order was placed in this turn
    crowd: Crowd | None = None  # what similar customers teach; None: nothing was learned yet
    past: list[Ordered] | None = None  # what was ordered before, once it was looked up
    entities: Sequence[Mapping[str, Any]] = ()  # what was heard as the bot found it, with its places
    learned: list[Fact] = field(default_factory=list)
    confirmed: list[Fact] = field(default_factory=list)
    ended: list[Fact] = field(default_factory=list)
    wished: list[Fact] = field(default_factory=list)  # what only this proposal goes by; never written
    consents: Consents = field(default_factory=lambda: Consents(Remembering.NOTICE))  # what they allow
    counted: ShopPack | None = None  # the pack as the shop counted its stock; None: nothing was sold since
    signing_key: str = ""  # by which links to pay are signed; "": there are none
    key: str = ""  # keys/signing, for links
    origin: str = ""  # the address of the web process, without a slash at the end
    passing: Passing = field(default_factory=Passing)  # what counts in this contact only
    insight: Insight = NOTHING  # what other customers teach
    put_right: int = 0  # up to this message all that went wrong was put right
    held: list[tuple[Heard, Fact]] = field(default_factory=list)  # said now against a firm belief
    doubted: list[tuple[Heard, Fact]] = field(default_factory=list)  # ... against one that isn't, to be asked
    member: Member | None = None  # for which company they buy, as what; None: for themselves
    receiver: str = ""  # whom the message wants something for, as a person's code; "": nobody is named
    recalled: list[Fact] = field(default_factory=list)  # of whom the talk is about, said in earlier contacts
    wonders: bool = False  # whether a question about somebody else's taste may follow
    told_of: tuple[Heard, ...] = ()  # tastes of others that the message tells, each with whose it is
    called: str = ""  # how the message calls the receiver; "": not by name
    given_to: str = ""  # who gets what is being made, or was ordered; "": the message doesn't say so

    @property
    def shelf(self) -> ShopPack:
        """The pack with the stock that the shop counted, whatever was sold since."""
        return self.counted or self.pack

    @property
    def words(self) -> Wording:
        """How things are called in this turn's language."""
        return Wording(self.texts, self.pack, self.language)

    @property
    def said(self) -> str:
        """What was typed, as far as anybody reads it."""
        return self.message.text[:READ_CHARACTERS]

    @property
    def groups(self) -> frozenset[str]:
        """The customer groups that this customer belongs to."""
        return frozenset() if self.member is None else frozenset({GROUP})

    @property
    def before_that(self) -> str:
        """What the message before this one was answered with; "": there is none in this contact."""
        own = [row for row in self.before if row.direction == "in" and row.contact_id == self.contact.id]
        return (own[-1].action or "") if own else ""

    @property
    def fresh(self) -> bool:
        """Whether this is the first message of its contact."""
        return all(row.contact_id != self.contact.id for row in self.before)

    @property
    def arguments(self) -> list[str]:
        """What stands behind the verb of a tapped button."""
        return (self.message.payload or "").split(":")[1:]

    def number(self, place: int) -> int | None:
        """The argument of a tapped button at this place as a number; None: it is none."""
        argument = "".join(self.arguments[place : place + 1])
        return int(argument) if argument.isdecimal() and len(argument) < 19 else None

    @property
    def known(self) -> list[Fact]:
        """The beliefs that are about this shop's topics."""
        return [fact for fact in self.facts if fact.topic in self.pack.topics]

    @property
    def barred(self) -> Barred[Fact]:
        """The options that are ruled out by what they said of themselves, or of whom the talk is about."""
        return barred_by(self.pack, [*self.facts, *self.wished, *self._of_the_other])

    @property
    def _of_the_other(self) -> list[Fact]:
        """What was said in this contact of whom the talk is about, as the rules read it."""
        here = Source(MessageId(self.message.id), self.message.channel, self.message.at)
        said = self.passing.of(self.passing.about) if self.passing.about else ()
        return [
            Fact(FactId(0), one.topic, one.value, one.polarity, True, 1.0, self.now, None, self.now, here)
            for one in said
        ]

    @property
    def complained(self) -> bool:
        """Whether something went wrong in this contact: nothing is sold or asked then."""
        return any(row.id > self.put_right for row in self.complaints)

    @property
    def complaints(self) -> list[MessageRow]:
        """The complaints of this contact, among the latest messages."""
        return [
            row
            for row in self.before
            if row.action == "action_complain" and row.contact_id == self.contact.id
        ]

    @property
    def stated(self) -> tuple[Heard, ...]:
        """What the customer said of themselves, without what they only asked for."""
        return tuple(one for one in self.heard if one.confidence > WISHED)

    @property
    def only_now(self) -> bool:
        """Whether all they said of themselves is for this time only, or waits to be confirmed."""
        held = [one for one, _ in (*self.held, *self.doubted)]
        return bool(self.stated) and all(not one.lasting or one in held for one in self.stated)

    @property
    def for_another(self) -> bool:
        """Whether something is wanted for somebody else, or their taste is all that the message tells."""
        own = [one for one in self.stated if self.pack.topics[one.topic].kind is not TopicKind.OCCASIONS]
        return bool(self.receiver) or (bool(self.theirs) and not own)

    @property
    def asks(self) -> bool:
        """Whether the message is put as a question."""
        return any(Sign.QUESTION in piece.signs for piece in cut(self.said, self.answers)) or (
            self.said.rstrip().endswith(("?", "\uff1f"))
        )

    def mentions(self, key: str) -> bool:
        """Whether a word of this list, in any of our languages, is in what was typed."""
        said = fold(self.said)
        return any(stands(said, word) for word in self.texts.words(key))

    def is_all_of(self, key: str) -> bool:
        """Whether a phrase of this list, in any of our languages, is all that was typed."""
        return _SIGNS.sub(" ", fold(self.said)).strip() in self.texts.words(key)

    @property
    def asks_why(self) -> bool:
        """Whether they want to know a reason, and say nothing else of note."""
        return not self.heard and len(self.said) <= SHORT_QUESTION and self.mentions("asking.why_words")

    def text(self, key: str, **fields: object) -> str:
        """A text of this language; of several wordings the next one that wasn't used lately."""
        wordings = self.texts.variants(self.language, key)
        said = "\n".join(row.text for row in self.before if row.direction == "out")
        start = self.contact.id
        filled = [wordings[(start + n) % len(wordings)].format(**fields) for n in range(len(wordings))]
        return next((one for one in filled if one not in said), filled[0])

    def say(
        self, key: str, buttons: Sequence[Button] = (), *, image: str | None = None, **fields: object
    ) -> None:
        """Answer with a text."""
        self.add(self.text(key, **fields), buttons, image=image)

    def add(self, text: str, buttons: Sequence[Button] = (), *, image: str | None = None) -> None:
        """Answer with words put together already."""
        self.replies.append(Reply(text, tuple(buttons), image))

    def attach(self, document: str) -> None:
        """Send a document with the last reply, on channels that can."""
        self.replies[-1] = replace(self.replies[-1], document=document)

    def offer(self, *buttons: Button) -> None:
        """Add ways on to the last reply, if there is one."""
        if not self.replies:
            return
        last = self.replies[-1]
        self.replies[-1] = replace(last, buttons=(*last.buttons, *buttons))

    def button(self, key: str, payload: str, **fields: object) -> Button:
        """A button whose title is `talk.button.<key>`."""
        [title, *_] = self.texts.variants(self.language, f"talk.button.{key}")
        return Button(title.format(**fields), payload)

    def buttons(self, *payloads: str) -> list[Button]:
        """Buttons that are called like their verb."""
        return [self.button(payload.partition(":")[0], payload) for payload in payloads]

    @property
    def focus(self) -> Focus | None:
        """What the shop waits for."""
        return self.customer.focus

    def layers(self) -> list[Focus]:
        """What the shop waits for, the newest first, then what lies under it."""
        found: list[Focus] = []
        focus = self.customer.focus
        while focus:
            found.append(focus)
            focus = focus.get("under")
        return found

    def waits_for(self, kind: str) -> Focus | None:
        """The focus of this kind, wherever it lies."""
        return next((focus for focus in self.layers() if focus["kind"] == kind), None)

    def wait_for(self, kind: str, ref: object, *, over: bool = False, again: bool = False) -> None:
        """From now on wait for this, `over` what was waited for; `again`: it was taken up once more."""
        under = next((dict(one) for one in self.layers() if one["kind"] in ("proposal", "order")), None)
        focus: dict[str, Any] = {"kind": kind, "ref": str(ref), "at": self.now.isoformat()}
        if again:
            focus["again"] = True
        if kind == "proposal" and under is not None and under.get("adding"):
            focus |= {"adding": under["adding"], "under": self.waits_for("order")}
        elif over and under is not None and under["kind"] != kind:
            focus["under"] = {name: value for name, value in under.items() if name != "under"}
        self.customer.focus = focus

    def wait_under(self, kind: str, ref: object) -> None:
        """Wait for this too, once all that is waited for now is settled."""
        last = {"kind": kind, "ref": str(ref), "at": self.now.isoformat()}
        self._wait_for_all([*(focus for focus in self.layers() if focus["kind"] != kind), last])

    def settle(self, *kinds: str) -> None:
        """Wait no longer for these kinds of thing; "question" is every question of the drip."""
        gone = {*kinds, *QUESTIONS} if "question" in kinds else {*kinds}
        self._wait_for_all([focus for focus in self.layers() if focus["kind"] not in gone])

    def keep_with(self, kind: str, **fields: object) -> None:
        """Let more lie beside what is waited for of this kind."""
        kept = [{**focus, **fields} if focus["kind"] == kind else focus for focus in self.layers()]
        self._wait_for_all(kept)

    def _wait_for_all(self, layers: Sequence[Focus]) -> None:
        """Wait for these, the first over the next and so on."""
        self.customer.focus = None
        for focus in reversed(layers):
            under: Focus | None = self.customer.focus
            plain = {name: value for name, value in focus.items() if name != "under"}
            self.customer.focus = plain | ({"under": under} if under else {})

    def begin_anew(self) -> None:
        """At the start of a contact that is about something else, let go of what only mattered then."""
        if self.fresh:
            self.settle(*PASSING)

    def believed(self, topic: str) -> list[Fact]:
        """What is believed about one topic."""
        return [fact for fact in self.facts if fact.topic == topic]


type Work = Callable[[Turn], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Step:
    """What one action does."""

    name: str  # of the action: `action_<intent>` or `action_tap_<verb>`
    work: Work
    listens: bool = True  # whether preferences named in the message are remembered
    asks: bool = True  # whether a drip question may follow the answer

    @property
    def tapped(self) -> bool:
        """Whether this step follows a button rather than words."""
        return self.name.startswith("action_tap_")
