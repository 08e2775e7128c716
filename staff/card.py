"""What the card of one customer says: gathered once, and told in the words of the colleague who looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from crm_store.books import Books
from crm_store.cards import Known, Visits
from crm_store.facts import fact_of
from crm_store.models import (
    ComplaintRow,
    CustomerRow,
    IdentityRow,
    MergeRow,
    MessageNoteRow,
    OrderLineRow,
    OrderRow,
    PromiseRow,
    ProposalRow,
)
from crm_store.past import orders_of
from one_to_one.ageing import aged
from one_to_one.briefing import Bought, Briefing, Grievance, Person, Word
from one_to_one.consent import SENSITIVE, Consents, Purpose, State
from one_to_one.facts import Fact, Polarity
from one_to_one.history import Rating
from one_to_one.ledger import Question, QuestionState
from one_to_one.lessons import too_much
from one_to_one.order_states import BOUGHT, UNDER_WAY, OrderState
from one_to_one.pack.company_file import company_of
from one_to_one.planner import considered
from one_to_one.preferences import confidence_at, is_stale, last_said
from one_to_one.shop import TopicKind
from staff.console import Console
from staff.taught import TYPED_KINDS, Words
from staff.voice import Voice

PROPOSALS = 20
"""The latest proposals that are shown."""

FIRST_SHOWN = frozenset({OrderState.DRAFT, OrderState.AWAITING})
"""Orders that nothing is made of yet."""

TAKEN = (*BOUGHT, "imported")
"""States of what was bought, here or before."""


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One thing that is known, as colleagues read it."""

    number: int
    value: str
    polarity: str
    since: datetime
    said_at: datetime
    sure: int  # how far it is believed now, in percent
    stale: bool
    stated: bool
    provisional: bool  # kept for this visit only
    channel: str
    doubts: Sequence[str]
    reviewer: str | None
    sentence: str
    link: str  # to the message it was read from; "": there is none
    choices: Sequence[tuple[str, str]]  # values it could be instead; empty: any text
    typed: str  # what stands in the field where any text may
    may_correct: bool


@dataclass(frozen=True, slots=True)
class Theme:
    """A topic with what is known of it."""

    title: str
    sensitive: bool
    facts: Sequence[ShownFact]


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One line of the ledger."""

    topic: str
    state: QuestionState
    at: datetime
    times: int
    until: datetime | None  # it rests until then; None: for good, or it doesn't rest


@dataclass(frozen=True, slots=True)
class Next:
    """The question that would come next."""

    topic: str
    words: str  # the question as it would be put
    why: str  # what the answer is for
    between: tuple[str, str] | None  # the two products it decides between
    confirms: bool  # an old answer, rather than asking anew


@dataclass(frozen=True, slots=True)
class Questions:
    """What is open between the shop and the customer."""

    lines: Sequence[ShownQuestion]
    next: Next | None
    silence: str  # why nothing is asked at all, as a key of the texts; "": something may be


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """One order."""

    row: OrderRow
    number: str
    lines: Sequence[OrderLineRow]
    total: str
    link: str


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """One proposal and what became of it."""

    row: ProposalRow
    items: Sequence[tuple[str, str, bool]]  # name, price, whether it was taken
    reason: str


@dataclass(frozen=True, slots=True)
class ShownComplaint:
    """One complaint with what colleagues noted beside it."""

    row: ComplaintRow
    words: str
    link: str
    notes: Sequence[MessageNoteRow]


@dataclass(frozen=True, slots=True)
class ShownPromise:
    """One promise."""

    row: PromiseRow
    what: str
    late: bool
    link: str


@dataclass(frozen=True, slots=True)
class ShownMerge:
    """Two customers who were found to be one."""

    row: MergeRow
    by: str
    moved: Mapping[str, int]  # how many rows of which table came with the other
    may_undo: bool  # False: it was undone, or a later one has to be undone first
    undone: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the card says."""

    customer: CustomerRow
    called: str  # "": nobody knows their name
    names: Sequence[str]
    identities: Sequence[tuple[IdentityRow, str]]  # with the name as it may be seen
    visits: Visits
    company: tuple[str, str] | None  # its name and their role
    consents: Sequence[tuple[str, bool, datetime | None]]  # purpose, whether it is on, since when
    private: bool
    briefing: Sequence[str]
    themes: Sequence[Theme]
    questions: Questions
    orders: Sequence[ShownOrder]
    spent: str  # on what was bought; "": nothing
    proposals: Sequence[ShownProposal]
    complaints: Sequence[ShownComplaint]
    promises: Sequence[ShownPromise]
    merges: Sequence[ShownMerge]

    @property
    def open_complaints(self) -> int:
        """How many wait to be solved."""
        return sum(one.row.state == "open" for one in self.complaints)

    @property
    def open_promises(self) -> int:
        """How many wait to be kept."""
        return sum(one.row.kept_at is None for one in self.promises)

    @property
    def facts(self) -> int:
        """How many things are known."""
        return sum(len(theme.facts) for theme in self.themes)


async def card_of(
    console: Console, books: Books, customer: CustomerRow, voice: Voice, words: Words, place: str
) -> Card:
    """The card; `place` is where orders are shown, "" when nowhere."""
    gathering = _Gathering(console, books, customer, voice, words, place)
    return await gathering.card()


@dataclass
class _Gathering:
    """One card in the making."""

    console: Console
    books: Books
    customer: CustomerRow
    voice: Voice
    words: Words
    place: str

    async def card(self) -> Card:
        customer, books = self.customer, self.books
        contact = await books.contacts.latest(customer.id)
        known = await books.cards.known(customer.id, None if contact is None else contact.id)
        facts = [fact_of(one.row) for one in known]
        named = self.console.pack.name_topics
        names = [fact.value for fact in facts if fact.topic in named and fact.polarity is Polarity.LIKES]
        consents = await self._consents()
        orders, spent = await self._orders()
        proposals = await books.proposals.recent(customer.id, PROPOSALS)
        complaints = await self._complaints()
        promises = await self._promises()
        visits = await books.cards.visits(customer.id)
        called = self.voice.called(names)
        person = self._person(facts, orders, proposals, complaints, promises, consents, visits, called)
        return Card(
            customer=customer,
            called=called,
            names=[self.voice.mask.name(name) for name in names],
            identities=[
                (row, self.voice.mask.number(row.external_id))
                for row in await books.customers.identities(customer.id)
            ],
            visits=visits,
            company=await self._company(),
            consents=await self._purposes(consents),
            private=consents.private,
            briefing=Briefing(self.voice.wording, self.voice.now, self.voice.on_a_line).lines(person),
            themes=self._themes(known),
            questions=await self._questions(
                facts, consents, any(one.row.state == "open" for one in complaints)
            ),
            orders=orders,
            spent=spent,
            proposals=[self._proposal(row) for row in proposals],
            complaints=complaints,
            promises=promises,
            merges=await self._merges(),
        )

    # --- who they are ---

    async def _company(self) -> tuple[str, str] | None:
        member = await self.books.companies.member(self.customer.id)
        if member is None:
            return None
        company = company_of(member.company, member.terms, self.console.pack)
        if company is None:
            return member.company, member.role
        tongue = self.voice.wording.language
        role = company.roles.get(member.role)
        return company.name[tongue], member.role if role is None else role.label[tongue]

    async def _consents(self) -> Consents:
        states = await self.books.consents.states(self.customer.id)
        ground = self.console.pack.shop.remembering
        return Consents(ground, {purpose: State(state) for purpose, state in states.items()})

    async def _purposes(self, consents: Consents) -> list[tuple[str, bool, datetime | None]]:
        rows = await self.books.consents.current(self.customer.id)
        on: dict[str, bool] = {
            Purpose.REMEMBERING: consents.remembers,
            Purpose.PERSONAL: consents.personal and not consents.private,
            Purpose.UNASKED: consents.unasked and self.customer.stopped_at is None,
        }
        for purpose in rows:
            if purpose.startswith(SENSITIVE):
                on[purpose] = consents.granted(purpose) and not consents.private
        return [
            (self._purpose(purpose), is_on, rows[purpose].at if purpose in rows else None)
            for purpose, is_on in on.items()
        ]

    def _purpose(self, purpose: str) -> str:
        say, tongue = self.console.texts.say, self.voice.wording.language
        if purpose.startswith(SENSITIVE):
            topic = self.voice.topic(purpose.removeprefix(SENSITIVE))
            return say(tongue, "privacy.purpose.sensitive", topic=topic)
        return self.words.get(f"customers.purpose_{purpose}", purpose)

    async def _merges(self) -> list[ShownMerge]:
        rows = await self.books.customers.merges(self.customer.id)
        standing = [row.id for row in rows if row.undone_at is None]
        return [
            ShownMerge(
                row,
                self.words.get(
                    f"customers.merged_by_{row.evidence.get('by')}", str(row.evidence.get("by", ""))
                ),
                {table: len(keys) for table, keys in (row.journal.get("rows") or {}).items()},
                row.id == max(standing, default=0),
                row.undone_at is not None,
            )
            for row in reversed(rows)
        ]

    # --- what is known ---

    def _themes(self, known: Sequence[Known]) -> list[Theme]:
        topics = self.console.pack.topics
        order = {name: place for place, name in enumerate(topics)}
        by_topic: dict[str, list[Known]] = {}
        for one in sorted(known, key=lambda one: order.get(one.row.topic, len(order))):
            by_topic.setdefault(one.row.topic, []).append(one)
        return [
            Theme(
                self.voice.topic(name),
                name in topics and topics[name].sensitive,
                [self._fact(one) for one in sorted(of, key=lambda one: one.row.id, reverse=True)],
            )
            for name, of in by_topic.items()
        ]

    def _fact(self, known: Known) -> ShownFact:
        row, fact = known.row, fact_of(known.row)
        topic = self.console.pack.topics.get(row.topic)
        tongue = self.voice.wording.language
        hidden = topic is not None and topic.kind is TopicKind.NAME and self.voice.mask.on
        now = self.voice.now
        return ShownFact(
            number=row.id,
            value=self.voice.value(row.topic, row.value),
            polarity=row.polarity,
            since=row.valid_from,
            said_at=last_said(fact),
            sure=round(100 * (row.confidence if topic is None else confidence_at(fact, topic, now))),
            stale=topic is not None and is_stale(fact, topic, now),
            stated=row.stated,
            provisional=row.provisional,
            channel=row.channel,
            doubts=known.doubts,
            reviewer=known.reviewer,
            sentence=self.voice.words(known.sentence),
            link=self._message(row.message_id),
            choices=[]
            if topic is None
            else [(code, value.label[tongue]) for code, value in topic.values.items()],
            typed="" if hidden else row.value,
            may_correct=topic is not None and (bool(topic.values) or topic.kind in TYPED_KINDS),
        )

    def _message(self, number: int | None) -> str:
        if number is None:
            return ""
        return f"/staff/conversations/{self.customer.id}?m={number}#m{number}"

    # --- what is open ---

    async def _questions(self, facts: Sequence[Fact], consents: Consents, complained: bool) -> Questions:
        pack, now = self.console.pack, self.voice.now
        ledger = await self.books.questions.ledger(self.customer.id)
        lines = aged(ledger, facts, pack, now)
        silence = "private" if consents.private else "complained" if complained else ""
        history = await orders_of(self.books, self.customer.id, pack)
        kept = [fact for fact in facts if fact.topic in pack.topics]
        _, rows = considered(pack, kept, ledger, 0, now, history=history)
        first = next((row for row in rows if row.excluded is None), None)
        until = {row.topic: row.until for row in rows}
        found = None
        if first is not None and not silence:
            topic, tongue = pack.topics[first.topic], self.voice.wording.language
            tries = ledger[first.topic].tries if first.topic in ledger else 0
            wordings = topic.question[tongue]
            between = (
                None
                if first.between is None
                else (self.voice.product(first.between[0]), self.voice.product(first.between[1]))
            )
            found = Next(
                self.voice.topic(first.topic),
                wordings[min(tries, len(wordings) - 1)],
                topic.why[tongue],
                between,
                first.stale is not None,
            )
        return Questions(
            [self._question(line, until.get(line.topic)) for line in _open_first(lines)],
            found,
            silence or ("" if found is not None else "nothing"),
        )

    def _question(self, line: Question, until: datetime | None) -> ShownQuestion:
        return ShownQuestion(self.voice.topic(line.topic), line.state, line.at, line.times_asked, until)

    # --- what was ordered and proposed ---

    async def _orders(self) -> tuple[list[ShownOrder], str]:
        lines: dict[int, list[OrderLineRow]] = {}
        for line in await self.books.orders.all_lines(self.customer.id):
            lines.setdefault(line.order_id, []).append(line)
        listed = await self.books.orders.listed(self.customer.id)
        rows = [row for row in listed if row.changes_id is None]  # no changes, nor what was changed
        shown = [self._order(row, lines.get(row.id, [])) for row in reversed(rows)]
        sums: dict[str, Decimal] = {}
        for row in rows:
            if row.state in TAKEN:
                sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.total
        spent = " + ".join(self.voice.money(total, currency) for currency, total in sums.items())
        return shown, spent

    def _order(self, row: OrderRow, lines: Sequence[OrderLineRow]) -> ShownOrder:
        served = self.place and row.state in (*BOUGHT, OrderState.CANCELLED)
        return ShownOrder(
            row,
            row.external_id or str(row.id),
            lines,
            self.voice.money(row.total, row.currency),
            f"{self.place}/{row.id}" if served else "",
        )

    def _proposal(self, row: ProposalRow) -> ShownProposal:
        items = [
            (
                self.voice.product(str(item.get("product"))),
                self.voice.money(Decimal(str(item.get("price") or 0)), row.currency),
                row.picked == number,
            )
            for number, item in enumerate(row.items, start=1)
        ]
        return ShownProposal(row, items, self._reason(row))

    def _reason(self, row: ProposalRow) -> str:
        if not row.reason:
            return self.voice.words(row.reason_words or "")
        too = too_much(row.reason, self.console.pack)
        if too is not None:
            told = self.words["customers.reason_too"].format(value=self.voice.value(*too))
        else:
            told = self.words.get(f"customers.reason_{row.reason}", row.reason)
        said = self.voice.words(row.reason_words or "")
        return f"{told}: {said}" if said else told

    # --- what is owed ---

    async def _complaints(self) -> list[ShownComplaint]:
        rows = await self.books.complaints.listed(self.customer.id)
        notes = await self.books.cards.notes([row.message_id for row in rows if row.message_id is not None])
        shown = [
            ShownComplaint(
                row,
                self.voice.words(row.words),
                self._message(row.message_id),
                notes.get(row.message_id or 0, ()),
            )
            for row in rows
        ]
        return sorted(shown, key=lambda one: (one.row.state != "open", one.row.at))

    async def _promises(self) -> list[ShownPromise]:
        rows = await self.books.promises.listed(self.customer.id)
        shown = [
            ShownPromise(
                row,
                self.words.get(f"customers.promise_{row.what}", row.what),
                row.kept_at is None and row.due_at < self.voice.now,
                self._message(row.message_id),
            )
            for row in rows
        ]
        return sorted(shown, key=lambda one: (one.row.kept_at is not None, one.row.due_at))

    # --- in three lines ---

    def _person(
        self,
        facts: Sequence[Fact],
        orders: Sequence[ShownOrder],
        proposals: Sequence[ProposalRow],
        complaints: Sequence[ShownComplaint],
        promises: Sequence[ShownPromise],
        consents: Consents,
        visits: Visits,
        called: str,
    ) -> Person:
        latest = proposals[0] if proposals and proposals[0].outcome == "open" else None
        return Person(
            called=called,
            facts=facts,
            grievances=[
                Grievance(one.row.words, one.row.at, one.row.attempts)
                for one in complaints
                if one.row.state == "open"
            ],
            words=[Word(one.what, one.row.due_at) for one in promises if one.row.kept_at is None],
            waits_since=self.customer.person_wanted_at,
            held_by=self.customer.held_by,
            draft=self._first(orders, (OrderState.DRAFT,)),
            awaiting=self._first(orders, (OrderState.AWAITING,)),
            under_way=self._first(orders, tuple(UNDER_WAY)),
            last=self._first(orders, TAKEN),
            proposed=[]
            if latest is None
            else [self.voice.product(str(item.get("product"))) for item in latest.items],
            proposed_at=None if latest is None else latest.at,
            asked=self._asked(),
            private=consents.private,
            visits=visits.count,
            since=visits.first,
        )

    def _asked(self) -> str:
        """The topic the shop waits to hear of."""
        focus = self.customer.focus
        while focus:
            if focus.get("kind") == "question":
                return self.voice.topic(str(focus.get("ref")))
            focus = focus.get("under")
        return ""

    def _first(self, orders: Sequence[ShownOrder], states: Sequence[str]) -> Bought | None:
        """The latest order in one of these states."""
        found = [one for one in orders if one.row.state in states]
        if not found:
            return None
        latest = max(found, key=lambda one: (one.row.at, one.row.id))
        return Bought(
            latest.number,
            [_counted(line) for line in latest.lines],
            latest.row.total,
            latest.row.at,
            latest.row.state,
            [Rating(line.rating) for line in latest.lines if line.rating in set(Rating)],
        )


def _counted(line: OrderLineRow) -> str:
    """What was ordered, with how many when it is more than one."""
    many = line.quantity.normalize()
    return line.title if many == 1 else f"{many:f} × {line.title}"


LAST_SHOWN = frozenset({QuestionState.ANSWERED, QuestionState.UNASKED})
"""States of questions that nothing is open about."""


def _open_first(lines: Mapping[str, Question]) -> list[Question]:
    """The questions something is open about, the latest first, then those that are answered."""
    shown = [line for line in lines.values() if line.state is not QuestionState.UNASKED]
    latest = sorted(shown, key=lambda line: line.at, reverse=True)
    return sorted(latest, key=lambda line: line.state in LAST_SHOWN)
