"""Teaching beside a conversation: what a message should have been understood as, and answered with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from sqlalchemy.exc import NoResultFound

from crm_store.books import Books
from crm_store.models import MessageRow, ReviewRow
from crm_store.reviews import JOURNEY
from one_to_one.facts import Polarity
from one_to_one.roles import Role
from one_to_one.shop import ShopPack
from one_to_one.teaching.intents import typed_intents
from one_to_one.teaching.judging import written
from staff.console import Console
from staff.masking import Mask
from staff.pages import drawn, language, texts_of, told_beside
from staff.refusals import NoSuchMessage, Refused
from staff.taught import DOMAIN, TYPED_KINDS, Telling, taught, words_of
from staff.who import Asked, looked, may

TAG_CHARACTERS, NOTE_CHARACTERS, REPLY_CHARACTERS, VALUE_CHARACTERS = 40, 2000, 4000, 100
LARGEST_NUMBER = 2**63
CONFIDENCE = 0.9  # of what a colleague says outright, as of what a customer does


class NotInTheMessage(Refused):
    """The words marked aren't in the message."""

    text = "teaching.not_in_message"


class NothingSuch(Refused):
    """The shop has no such topic, value, intent, colleague or tag."""

    text = "teaching.nothing_such"


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a form."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A preference that should have been read."""

    words: str = ""  # in the message
    what: str = ""  # "topic=code", or "topic=" with the value below
    value: str = ""
    polarity: str = "likes"
    whose: str = "self"
    teach: str = ""  # "on": the words mean it wherever they are said


@dataclass(frozen=True, slots=True)
class Unmark:
    """A preference that should not have been read."""

    place: int = -1
    idle: str = ""  # words of the message that mean nothing, though they seem to


SaidForm = Annotated[Said, Body(media_type=RequestEncodingType.URL_ENCODED)]
MarkForm = Annotated[Mark, Body(media_type=RequestEncodingType.URL_ENCODED)]
UnmarkForm = Annotated[Unmark, Body(media_type=RequestEncodingType.URL_ENCODED)]


class Teaching(Controller):
    """The panel of one message. Each act draws anew the part of the panel that it changed."""

    path = "/messages/{number:int}"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False
    exception_handlers = {Refused: told_beside}  # noqa: RUF012 - declared by litestar as a class attribute

    @get("/teach")
    async def panel(self, console: Console, request: Asked, number: int) -> Response[str]:
        """The whole panel. Raises NoSuchMessage."""
        async with console.store.reading() as books:
            message = await message_of(books, number)
        await looked(console, request.user, message.customer_id, "a message")
        return await _drawn(console, request, number, None)

    @post("/intent")
    async def set_intent(
        self, console: Console, request: Asked, number: int, data: SaidForm
    ) -> Response[str]:
        """What it should have been understood as. Raises NothingSuch."""
        if data.words not in typed_intents(DOMAIN):
            raise NothingSuch()
        async with Act(console, request, number, "corrected an intent", intent=data.words) as act:
            act.review.intent = data.words
        return await _drawn(console, request, number, "intent")

    @post("/mark")
    async def mark(self, console: Console, request: Asked, number: int, data: MarkForm) -> Response[str]:
        """A preference that should have been read. Raises NotInTheMessage, NothingSuch."""
        async with Act(console, request, number, "marked a preference") as act:
            fact = _marked(data, act.message.text, console.pack)
            kept = [each for each in act.facts if written(each) != written(fact)]
            act.review.facts = [*kept, fact]
        return await _drawn(console, request, number, "facts")

    @post("/unmark")
    async def unmark(self, console: Console, request: Asked, number: int, data: UnmarkForm) -> Response[str]:
        """A preference that should not have been read. Raises NotInTheMessage, NothingSuch."""
        async with Act(console, request, number, "took a preference back") as act:
            facts = act.facts
            if not 0 <= data.place < len(facts):
                raise NothingSuch()
            gone = facts.pop(data.place)
            act.review.facts = facts
            idle = data.idle.strip()
            if idle and idle not in act.message.text:
                raise NotInTheMessage()
            wider = idle and idle != words_of(gone, act.message.text)
            act.review.idle = (
                [*act.review.idle, idle] if wider and idle not in act.review.idle else act.review.idle
            )
        return await _drawn(console, request, number, "facts")

    @post("/as-read")
    async def leave(self, console: Console, request: Asked, number: int) -> Response[str]:
        """What was read is right after all."""
        async with Act(console, request, number, "left the preferences as read") as act:
            act.review.facts, act.review.idle = None, []
        return await _drawn(console, request, number, "facts")

    @post("/reply")
    async def reply(self, console: Console, request: Asked, number: int, data: SaidForm) -> Response[str]:
        """What would have been right to say; nothing: what was said was right."""
        async with Act(console, request, number, "wrote the right reply") as act:
            act.review.reply = data.words.strip()[:REPLY_CHARACTERS] or None
        return await _drawn(console, request, number, "reply", "teaching.saved")

    @post("/flag")
    async def flag(self, console: Console, request: Asked, number: int) -> Response[str]:
        """Flag it, or take the flag away."""
        async with Act(console, request, number, "flagged a message") as act:
            case = await act.books.reviews.case(act.message)
            case.flagged = not case.flagged
        return await _drawn(console, request, number, "finding")

    @post("/assign")
    async def assign(self, console: Console, request: Asked, number: int, data: SaidForm) -> Response[str]:
        """Give it to a colleague, or to nobody. Raises NothingSuch."""
        async with Act(console, request, number, "assigned a message", to=data.words or None) as act:
            if data.words and await act.books.staff.named(data.words) is None:
                raise NothingSuch()
            (await act.books.reviews.case(act.message)).assigned_to = data.words or None
        return await _drawn(console, request, number, "finding")

    @post("/tag")
    async def tag(self, console: Console, request: Asked, number: int, data: SaidForm) -> Response[str]:
        """Put a tag on it. Raises NothingSuch for an empty one."""
        tag = " ".join(data.words.split())[:TAG_CHARACTERS]
        if not tag:
            raise NothingSuch()
        async with Act(console, request, number, "tagged a message") as act:
            await act.books.reviews.tag(act.message, tag, act.who, act.at)
        return await _drawn(console, request, number, "finding")

    @post("/untag")
    async def untag(self, console: Console, request: Asked, number: int, data: SaidForm) -> Response[str]:
        """Take a tag off."""
        async with Act(console, request, number, "took a tag off") as act:
            await act.books.reviews.untag(act.message.id, data.words)
        return await _drawn(console, request, number, "finding")

    @post("/journey")
    async def journey(self, console: Console, request: Asked, number: int) -> Response[str]:
        """Keep the conversation as a test, or not."""
        async with Act(console, request, number, "kept a conversation as a test") as act:
            reviews = act.books.reviews
            if JOURNEY in (await reviews.tags([number])).get(number, []):
                await reviews.untag(number, JOURNEY)
            else:
                await reviews.tag(act.message, JOURNEY, act.who, act.at)
        return await _drawn(console, request, number, "finding")

    @post("/note")
    async def note(self, console: Console, request: Asked, number: int, data: SaidForm) -> Response[str]:
        """Write a note beside it. Raises NothingSuch for an empty one."""
        if not data.words.strip():
            raise NothingSuch()
        async with Act(console, request, number, "wrote a note") as act:
            words = data.words.strip()[:NOTE_CHARACTERS]
            await act.books.reviews.note(act.message, words, act.who, act.at)
        return await _drawn(console, request, number, "notes")

    @post("/done")
    async def done(self, console: Console, request: Asked, number: int) -> Response[str]:
        """Mark it as reviewed."""
        async with Act(console, request, number, "reviewed a message") as act:
            await act.books.reviews.finish(act.message, act.who, act.at)
        return await _drawn(console, request, number, "done", "teaching.is_done")

    @post("/reopen")
    async def reopen(self, console: Console, request: Asked, number: int) -> Response[str]:
        """It isn't reviewed after all."""
        async with Act(console, request, number, "opened a review again") as act:
            await act.books.reviews.reopen(act.message, act.who, act.at)
        return await _drawn(console, request, number, "done")


class Act:
    """Something a colleague does to a message: one transaction, with a line in the audit."""

    def __init__(
        self, console: Console, request: Asked, number: int, what: str, **detail: str | int | None
    ) -> None:
        self._console, self._number, self._what, self._detail = console, number, what, detail
        self.who, self.at = request.user.name, console.clock()
        self.books: Books
        self.message: MessageRow
        self.review: ReviewRow

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What the colleague says should have been read; what was read, as long as they didn't say."""
        right = self.message.entities if self.review.facts is None else self.review.facts
        return [dict(fact) for fact in right]

    async def __aenter__(self) -> Act:
        """Raises NoSuchMessage."""
        self._transaction = self._console.store.transaction()
        self.books = await self._transaction.__aenter__()
        try:
            self.message = await message_of(self.books, self._number)
            self.review = await self.books.reviews.mine(self.message, self.who, self.at)
        except BaseException as error:
            await self._transaction.__aexit__(type(error), error, error.__traceback__)
            raise
        return self

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is None:
            about = {"message": self._number} | self._detail
            await self.books.audit.record(self.who, self._what, self.message.customer_id, self.at, **about)
        await self._transaction.__aexit__(kind, error, trace)


async def message_of(books: Books, number: int) -> MessageRow:
    """A message of which something is left. Raises NoSuchMessage."""
    if not 0 < number < LARGEST_NUMBER:
        raise NoSuchMessage()
    try:
        message = await books.messages.get(number)
    except NoResultFound:
        raise NoSuchMessage() from None
    if not message.text and message.payload is None:
        raise NoSuchMessage()
    return message


def _marked(data: Mark, text: str, pack: ShopPack) -> dict[str, Any]:
    """The preference as the bot would have read it. Raises NotInTheMessage, NothingSuch."""
    words = data.words.strip()
    start = text.find(words)
    if not words or start < 0:
        raise NotInTheMessage()
    name, _, code = data.what.partition("=")
    topic = pack.topics.get(name)
    value = code or data.value.strip()[:VALUE_CHARACTERS]
    known = topic is not None and (code in topic.values or (topic.kind in TYPED_KINDS and not code and value))
    if not known or data.polarity not in set(Polarity):
        raise NothingSuch()
    more: dict[str, Any] = {"about": "other"} if data.whose == "other" else {}
    return {
        "entity": name,
        "value": value,
        "start": start,
        "end": start + len(words),
        "polarity": data.polarity,
        "confidence_entity": CONFIDENCE,
        "teach": data.teach == "on" and bool(code),
        **more,
    }


async def _drawn(
    console: Console, request: Asked, number: int, only: str | None, toast: str | None = None
) -> Response[str]:
    """The panel, or one part of it."""
    tongue = language(request)
    mask = Mask(request.user.masked)
    telling = Telling(console.pack, texts_of(console.texts, tongue), tongue, mask)
    async with console.store.reading() as books:
        message = await message_of(books, number)
        shown = await taught(books, message, request.user.name, telling, mask)
    template = "teach.html"
    return drawn(
        console, request, template, colleague=request.user, toast=toast, it=shown, telling=telling, only=only
    )
