"""Whatever happens, the real ledger repeats no question, exceeds no budget and forgets no refusal.

Two people who may be one play made-up lives against the store and the planner: asked, answering, refusing,
keeping silent, complaining, contradicting themselves, wanting no questions and some again, coming back later,
on either channel, in another script, by a clock that was set back, merged and parted again. What each of
them was asked and said is noted beside the store, and every new question is checked
against these notes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.books import Books
from crm_store.merging import merge, unmerge
from crm_store.questions import Put
from crm_store.store import Store
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.language import Language
from one_to_one.ledger import MOST_UNANSWERED, QuestionState, budget
from one_to_one.planner import Planned, may_settle, next_question
from one_to_one.shop import Terms
from tests.store.test_merging import SILENCE, Clock, Person, couple
from tests.unit.packs import CHOICES, module, pack, product, topic

DAY = timedelta(days=1)
REFUSALS = ("declined", "not now")
WORDS = (*REFUSALS, "answered", "indifferent", "named")  # the customer's; a later one takes the earlier back
SCRIPTS = [language.value for language in Language]
TERMS = Terms(declined_for=200 * DAY, not_now_for=5 * DAY)
PLAIN = pack(
    [
        topic("crust", "soft", "firm", "crackling", half_life=90 * DAY),
        topic("grain", "wheat", "rye", "spelt"),
        topic("filling", "olives", "seeds", "cheese", kind=CHOICES),
        topic("cut", "whole", "sliced"),
    ],
    [
        product("baguette", crust="crackling", grain="wheat", filling="olives"),
        product("farmer", crust="crackling", grain="rye", filling="seeds"),
        product("fruit", crust="soft", grain="spelt", filling="cheese"),
        product("goat", crust="firm", grain="spelt", filling=("cheese", "seeds")),
    ],
    [module("cut", "whole", whole="1", sliced="1")],
    questions=2,
)
SHOP = replace(PLAIN, topics={name: replace(one, terms=TERMS) for name, one in PLAIN.topics.items()})


@dataclass(frozen=True)
class Note:
    """What one of the two was asked, or did about it."""

    what: str  # asked, answered, indifferent (an answer that names no value), declined, not now, paused,
    # welcome (questions of whatever topic again), named (this topic again, of all others)
    topic: str
    at: datetime
    contact: int
    place: int  # among all notes: by a clock that is set back, later isn't after


@dataclass
class Life:
    """Two people on two channels, and what is remembered of them beside the store."""

    books: Books
    people: tuple[Person, Person]
    clock: Clock
    speaker: int = 0
    merged: bool = False
    notes: tuple[list[Note], list[Note]] = field(default_factory=lambda: ([], []))
    open_topic: str | None = None
    complained: set[int] = field(default_factory=set)

    @property
    def person(self) -> Person:
        """Who speaks."""
        return self.people[self.speaker]

    @property
    def known(self) -> list[Note]:
        """What the customer who speaks has been through, as one or as half of two."""
        both = self.notes[0] + self.notes[1] if self.merged else self.notes[self.speaker]
        return sorted(both, key=lambda note: note.place)

    def note(self, what: str, name: str, contact: int) -> None:
        place = len(self.notes[0]) + len(self.notes[1])
        self.notes[self.speaker].append(Note(what, name, self.clock.now, contact, place))

    async def speak(self) -> None:
        """A message, and perhaps a question after it."""
        message = await self.person.says()
        customer, contact = self.person.customer, message.contact_id or 0
        visit = next(one for one in await self.books.contacts.listed(customer) if one.id == contact)
        if contact in self.complained:
            return
        planned = next_question(
            SHOP,
            await self.books.facts.believed(customer, contact=contact),
            await self.books.questions.ledger(customer),
            visit.questions_spent,
            self.clock.now,
            contact=contact,
        )
        if planned is None:
            return
        self.check(planned, contact)
        await self.books.questions.put(customer, planned.topic, self.clock.now, contact, Put(), TERMS)
        await self.books.contacts.spend_question(visit)
        self.note("asked", planned.topic, contact)
        self.open_topic = planned.topic

    def check(self, planned: Planned, contact: int) -> None:
        """Whether this question may be put, by the notes alone."""
        self.check_moment(contact)
        here = [note.topic for note in self.known if note.what == "asked" and note.contact == contact]
        assert planned.topic not in here, "the same question twice in a visit"
        self.check_topic([note for note in self.known if note.topic == planned.topic], planned)

    def check_moment(self, contact: int) -> None:
        """Whether any question may be put in this visit."""
        asked = [note for note in self.known if note.what == "asked"]
        here = [note for note in asked if note.contact == contact]
        just_now = [note for note in asked if self.clock.now - note.at < SILENCE]
        assert len({*here, *just_now}) < budget(SHOP.shop), "a budget is exceeded"
        last = {note.topic: note for note in self.known if note.contact == contact and note.what in WORDS}
        assert not any(note.what in REFUSALS for note in last.values()), "asked after a refusal"

    def check_refusals(self, notes: list[Note]) -> list[Note]:
        """The refusals since the last answer, all of them beyond their terms."""
        refusals = [note for note in notes if note.what in REFUSALS]
        for refusal in refusals:
            term = TERMS.declined_for if refusal.what == "declined" else TERMS.not_now_for
            assert term is not None
            assert self.clock.now - refusal.at >= term, f"a refusal is forgotten: {refusal}"
        return refusals

    def check_topic(self, notes: list[Note], planned: Planned) -> None:
        pauses = [note.what for note in notes if note.what in ("paused", "welcome", "named")]
        assert pauses[-1:] != ["paused"], "asked about what was paused"
        named = [place for place, note in enumerate(notes) if note.what == "named"]
        notes = notes[named[-1] + 1 :] if named else notes
        answers = [place for place, note in enumerate(notes) if note.what in ("answered", "indifferent")]
        since = notes[answers[-1] + 1 :] if answers else notes
        assert not answers or planned.stale is not None or not self.believed_fresh(notes[answers[-1]])
        if not self.check_refusals(since):
            tries = [note for note in since if note.what == "asked"]
            assert len(tries) < MOST_UNANSWERED, "a question without an answer is repeated"
            assert all(self.clock.now - note.at >= DAY for note in tries), "repeated too soon"

    def believed_fresh(self, answer: Note) -> bool:
        """What they don't mind about doesn't grow old: there is nothing to confirm."""
        if answer.what == "indifferent":
            return True
        return self.clock.now - answer.at < SHOP.topics[answer.topic].half_life

    async def react(self, what: str) -> None:
        """The one who speaks does something about the open question."""
        if self.open_topic is None:
            return
        name, self.open_topic = self.open_topic, None
        message = await self.person.says()
        contact = message.contact_id or 0
        if what == "answered":
            await self.tell(name, message.id, contact)
        state = {
            "answered": QuestionState.ANSWERED,
            "indifferent": QuestionState.ANSWERED,
            "declined": QuestionState.DECLINED,
            "not now": QuestionState.NOT_NOW,
        }[what]
        await self.books.questions.mark(self.person.customer, name, state, self.clock.now, contact)
        self.note(what, name, contact)

    async def tell(self, name: str, message: int, contact: int) -> None:
        heard = Heard(name, next(iter(SHOP.topics[name].values)), Polarity.LIKES, 1.0, "so")
        source = Source(MessageId(message), self.person.channel, self.clock.now)
        await self.books.facts.learn(
            self.person.customer, heard, at=self.clock.now, source=source, contact=contact
        )

    async def contradict(self, name: str) -> None:
        """Something else is said than was believed; perhaps it is asked which of the two holds."""
        message = await self.person.says()
        customer, contact = self.person.customer, message.contact_id or 0
        believed = await self.books.facts.believed(customer, contact=contact)
        visit = next(one for one in await self.books.contacts.listed(customer) if one.id == contact)
        ledger = await self.books.questions.ledger(customer)
        spent, now = visit.questions_spent, self.clock.now
        may = may_settle(SHOP, ledger, SHOP.topics[name], spent, now, contact=contact)
        if contact in self.complained or not may or not any(fact.topic == name for fact in believed):
            return
        self.check_moment(contact)
        notes = [note for note in self.known if note.topic == name]
        answers = [place for place, note in enumerate(notes) if note.what == "answered"]
        self.check_refusals(notes[answers[-1] + 1 :] if answers else notes)
        await self.books.questions.put(customer, name, now, contact, Put("settle"), TERMS)
        await self.books.contacts.spend_question(visit)
        self.note("asked", name, contact)
        self.open_topic = name

    async def pause(self) -> None:
        """No questions at all."""
        message = await self.person.says()
        contact, self.open_topic = message.contact_id or 0, None
        before = await self.books.questions.ledger(self.person.customer)
        rests = {name for name, line in before.items() if line.state is QuestionState.PAUSED}
        for name in SHOP.topics.keys() - rests:  # what rests already isn't said anew
            state = QuestionState.PAUSED
            await self.books.questions.mark(self.person.customer, name, state, self.clock.now, contact)
            self.note("paused", name, contact)

    async def welcome(self) -> None:
        """Questions again, of whatever topic."""
        message = await self.person.says()
        for name in SHOP.topics:
            await self.books.questions.reopen(self.person.customer, name)
            self.note("welcome", name, message.contact_id or 0)

    async def name(self, name: str) -> None:
        """They may be asked about this one again, whatever they said of it."""
        message = await self.person.says()
        contact, state = message.contact_id or 0, QuestionState.UNASKED
        await self.books.questions.mark(self.person.customer, name, state, self.clock.now, contact)
        self.note("named", name, contact)

    async def volunteer(self, name: str) -> None:
        """Something is told unasked."""
        self.open_topic = name
        await self.react("answered")

    async def complain(self) -> None:
        """Nothing is asked in this visit any more."""
        message = await self.person.says("burnt!")
        self.complained.add(message.contact_id or 0)

    async def change_script(self) -> None:
        """From now on they write, and are answered, in the next script."""
        row = await self.books.customers.get(self.person.customer)
        row.language = SCRIPTS[(SCRIPTS.index(row.language) + 1) % len(SCRIPTS)]

    def leave(self, days: float) -> None:
        self.clock.now += days * DAY
        self.open_topic = None

    async def join(self) -> None:
        if not self.merged:
            one, other = (person.customer for person in self.people)
            await merge(self.books, one, other, {"by": "link"}, self.clock.tick())
            self.merged, self.open_topic = True, None

    async def part(self) -> None:
        if self.merged:
            await unmerge(self.books, self.people[0].customer, self.clock.tick())
            self.merged, self.open_topic = False, None
            self.people[1].customer = await self._own(self.people[1])

    async def _own(self, person: Person) -> str:
        found = await self.books.customers.find(person.channel, person.name)
        assert found is not None
        return found.id


EVENTS = [
    "ask, ignored",
    "ask, declined",
    "ask, not now",
    "ask, not now",
    "ask, answered",
    "ask, indifferent",
    "leave 1 hours",
    "leave 2 days",
    "leave 7 days",
    "leave 120 days",
    "switch",
    "script",
    "merge",
    "part",
    "leave 900 days",
    "leave -1 hours",
    "volunteer crust",
    "contradict crust",
    "contradict crust",
    "complain",
    "pause",
    "welcome",
    "name grain",
]


async def happens(life: Life, event: str) -> None:
    verb, *rest = event.split()
    if verb == "ask,":
        await life.speak()
        if rest != ["ignored"]:
            await life.react(" ".join(rest))
    elif verb == "leave":
        number, unit = rest
        life.leave(float(number) / (24 if unit == "hours" else 1))
    elif verb == "switch":
        life.speaker, life.open_topic = 1 - life.speaker, None
    elif verb == "script":
        await life.change_script()
    elif verb == "merge":
        await life.join()
    elif verb == "part":
        await life.part()
    elif verb == "volunteer":
        await life.volunteer(rest[0])
    elif verb == "contradict":
        await life.contradict(rest[0])
    elif verb == "complain":
        await life.complain()
    elif life.merged:
        return  # whose it was is told by who spoke last: docs/planner.md
    elif verb == "name":
        await life.name(rest[0])
    else:
        await (life.pause() if verb == "pause" else life.welcome())


@settings(max_examples=20)
@given(st.lists(st.sampled_from(EVENTS), min_size=20, max_size=60))
async def test_no_sequence_of_events_breaks_the_promises_of_the_ledger(
    store: Store, events: list[str]
) -> None:
    async with store.transaction() as books:
        people = await couple(books)
        life = Life(books, people, people[0].clock)
        for event in events:
            await happens(life, event)
