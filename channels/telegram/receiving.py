"""The inbox: every update is written down, with what it calls for, in one transaction.

What the channel can answer by itself (a sticker, `/help`, an old button) is answered in the same transaction;
the rest waits in the inbox for the bot. An update that comes a second time finds its row and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from channels.links import check_token
from channels.telegram.fitting import CHOSEN
from channels.telegram.updates import Command, Edit, Left, Said, Sender, Talk, Tap, Thing
from crm_store.books import Books
from crm_store.merging import merge
from crm_store.models import CustomerRow, MessageRow
from crm_store.offers import title_offered
from crm_store.store import Store
from one_to_one.choosing_language import language_of
from one_to_one.errors import AlreadyMerged, BadLink
from one_to_one.language import Language
from one_to_one.pack import read_pack
from one_to_one.replies import Button, Reply
from one_to_one.texts import Texts

CHANNEL = "telegram"
LOOK_BACK = 50  # messages of both sides among which the customer's last one is looked for
SPOKEN = {"voice", "audio", "video_note"}
SEEN = {"photo", "video", "animation", "document", "story"}
STILL_SAID = {"telegram.stopped", "telegram.language.ask"}
"""What is answered by the channel although a colleague has the conversation."""

PLACES = {"location", "venue"}


@dataclass(frozen=True, slots=True)
class Task:
    """What is left to do once an update is written down."""

    chat: str
    customer: str
    language: Language
    message: int | None = None  # waits for the bot
    tap: Tap | None = None  # to be acknowledged
    toast: str = ""  # with these words
    mark: bool = False  # and its keyboard replaced by what was chosen
    greeted: bool = False  # `/start`: the menu of commands is set in their script


@dataclass(frozen=True, slots=True)
class Inbox:
    """Writes down what customers do."""

    store: Store
    texts: Texts
    signing_key: str
    clock: Callable[[], datetime]
    shop_folder: Path

    async def record(self, said: Said) -> Task | None:
        """Write it down, durably; None: it was there already, or calls for nothing."""
        at = self.clock()
        single = await self._single() if isinstance(said, Command) and said.argument else frozenset()
        async with self.store.transaction() as books:
            if isinstance(said, Left) and await books.customers.find(CHANNEL, said.sender.user) is None:
                return None
            customer = await _customer(books, said.sender, at)
            entry = Entry(books, customer, said.sender, at, self.texts, self.signing_key, single)
            return await entry.enter(said)

    async def _single(self) -> frozenset[str]:
        """The topics of which a customer can like one value only: who becomes one customer has one memory."""
        pack = await asyncio.to_thread(read_pack, self.shop_folder)
        return frozenset(topic.name for topic in pack.topics.values() if not topic.many)


@dataclass(slots=True)
class Entry:
    """One update being written into the books."""

    books: Books
    customer: CustomerRow
    sender: Sender
    at: datetime
    texts: Texts
    signing_key: str
    single: frozenset[str]  # topics of which a customer can like one value only

    async def enter(self, said: Said) -> Task | None:
        """Write it down and answer what needs no bot."""
        match said:
            case Talk():
                return await self._for_bot(said.external_id, said.text)
            case Command():
                return await self._command(said)
            case Edit():
                return await self._edit(said)
            case Tap():
                return await self._tap(said)
            case Thing():
                return await self._thing(said)
            case Left():
                self.customer.stopped_at = self.at
                return None

    async def _command(self, said: Command) -> Task | None:
        match said.name:
            case "start":
                return await self._start(said)
            case "me":
                return await self._for_bot(said.external_id, said.text, "know")
            case "stop":
                return await self._stop(said)
            case "language":
                return await self._choose_language(said)
            case "help":
                return await self._answer(said, "telegram.help", self._buttons("start", "know", "human"))
            case _:
                return await self._answer(said, "telegram.unknown_command", self._buttons("help", "human"))

    async def _start(self, said: Command) -> Task | None:
        row = await self._receive(said.external_id, said.text, "start")
        if row is None:
            return None
        self.customer.stopped_at = None
        if said.argument:
            await self._connect(said.argument)
        return self._task(message=row.id, greeted=True)

    async def _connect(self, token: str) -> None:
        try:
            check_token(self.signing_key, token, self.at)
            invited = await self.books.customers.use_link(token, self.at)
            await self._merge_into(invited)
        except BadLink:
            await self._push(
                "telegram.link.already" if await self._used_by_them(token) else "telegram.link.bad"
            )
        except AlreadyMerged:
            await self._push("telegram.link.already")
        else:
            await self._push("telegram.link.connected")

    async def _merge_into(self, invited: CustomerRow) -> None:
        if invited.id == self.customer.id:
            raise AlreadyMerged(customer=self.customer.id, other=invited.id)
        evidence = {"by": "link", "channel": CHANNEL, "external_id": self.sender.user}
        await merge(self.books, invited.id, self.customer.id, evidence, self.at, single=self.single)
        self.customer = invited
        self.customer.stopped_at = None

    async def _used_by_them(self, token: str) -> bool:
        """Whether this customer came by the same link before: Start is easily pressed twice."""
        said = [row.text for row in await self.books.messages.recent(self.customer.id, LOOK_BACK)]
        connected = {self.texts.say(tag, "telegram.link.connected") for tag in Language}
        return sum(text.endswith(token) for text in said) > 1 and not connected.isdisjoint(said)

    async def _stop(self, said: Command) -> Task | None:
        self.customer.stopped_at = self.at
        return await self._answer(said, "telegram.stopped")

    async def _choose_language(self, said: Command) -> Task | None:
        chosen = language_of(said.argument)
        if chosen is None:
            return await self._answer(said, "telegram.language.ask", self._languages())
        return await self._for_bot(said.external_id, said.text, f"language:{chosen}")

    async def _edit(self, said: Edit) -> Task | None:
        recent = await self.books.messages.recent(self.customer.id, LOOK_BACK)
        last = next((row for row in reversed(recent) if row.direction == "in"), None)
        if last is None or not _same_message(last, said.original):
            return await self._answer(said, "telegram.edit_too_late")
        return None if last.text == said.text else await self._for_bot(said.external_id, said.text)

    async def _tap(self, said: Tap) -> Task | None:
        if said.payload == CHOSEN:
            return self._task(tap=said, toast=self._say("telegram.tap.again"))
        title = await title_offered(self.books, self.customer.id, said.payload)
        if title is None:
            return await self._answer(said, "telegram.tap.never_offered", self._buttons("help", "human"))
        row = await self._receive(said.external_id, title, said.payload)
        if row is None:
            return self._task(tap=said, toast=self._say("telegram.tap.again"), mark=True)
        return self._task(message=row.id, tap=said, mark=True)

    async def _thing(self, said: Thing) -> Task | None:
        return await self._answer(said, f"telegram.{_sort(said.kind)}", self._buttons("human"))

    async def _for_bot(self, external_id: str, text: str, payload: str | None = None) -> Task | None:
        row = await self._receive(external_id, text, payload)
        return None if row is None else self._task(message=row.id)

    async def _answer(
        self, said: Command | Edit | Tap | Thing, key: str, buttons: Sequence[Button] = ()
    ) -> Task | None:
        """Answer with a text of our own, at once; None when that was done before."""
        tap = said if isinstance(said, Tap) else None
        row = await self._receive(said.external_id, _words(said))
        if row is None:
            return self._task(tap=tap) if tap else None
        await self.books.floor.lock(self.customer)
        if self.customer.held_by is not None and key not in STILL_SAID:
            if isinstance(said, Thing):
                row.text = self._say(f"telegram.kept.{_sort(said.kind)}")
            await self.books.floor.keep(row, language=self.customer.language)
            return self._task(tap=tap)
        reply = Reply(self._say(key, row.id), tuple(buttons))
        action = key.replace(".", "_")
        await self.books.messages.answer(
            row, [reply], self.at, language=self.customer.language, action=action
        )
        return self._task(tap=tap)

    async def _receive(self, external_id: str, text: str, payload: str | None = None) -> MessageRow | None:
        row, new = await self.books.messages.receive(
            self.customer.id, CHANNEL, external_id, self.at, text, payload, self.sender.chat
        )
        return row if new else None

    async def _push(self, key: str) -> None:
        await self.books.messages.push(
            self.customer.id,
            Reply(self._say(key)),
            CHANNEL,
            self.at,
            sender="shop",
            target=self.sender.chat,
            language=self.customer.language,
        )

    def _task(
        self,
        message: int | None = None,
        *,
        tap: Tap | None = None,
        toast: str = "",
        mark: bool = False,
        greeted: bool = False,
    ) -> Task:
        language = Language(self.customer.language)
        return Task(self.sender.chat, self.customer.id, language, message, tap, toast, mark, greeted)

    def _say(self, key: str, variant: int = 0) -> str:
        return self.texts.say(Language(self.customer.language), key, variant)

    def _buttons(self, *payloads: str) -> list[Button]:
        return [Button(self._say(f"telegram.button.{payload}"), payload) for payload in payloads]

    def _languages(self) -> list[Button]:
        return [Button(self.texts.say(tag, "telegram.language.name"), f"language:{tag}") for tag in Language]


async def _customer(books: Books, sender: Sender, at: datetime) -> CustomerRow:
    known = await books.customers.find(CHANNEL, sender.user)
    if known is not None:
        return known
    new = await books.customers.create(sender.language, at)
    named = await books.customers.identify(new.id, CHANNEL, sender.user, CHANNEL, at)
    if named.customer_id == new.id:
        return new
    await books.session.delete(new)  # another process met them in the same moment, and was first
    return await books.customers.get(named.customer_id)


def _words(said: Command | Edit | Tap | Thing) -> str:
    match said:
        case Tap():
            return said.title
        case Thing():
            return ""
        case _:
            return said.text


def _same_message(row: MessageRow, original: str) -> bool:
    number = row.external_id or ""
    return number == original or number.startswith(f"{original}:edit:")


def _sort(kind: str) -> str:
    if kind in SPOKEN:
        return "voice"
    if kind in SEEN:
        return "picture"
    if kind in PLACES:
        return "place"
    return kind if kind in {"sticker", "contact"} else "thing"
