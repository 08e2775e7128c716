"""A Telegram of our own: an HTTP fake of the Bot API that keeps its rules, and phones to chat with.

    python -m tests.journey.bot_api --port 8500          # then point DRIPWISE_TELEGRAM_BASE_URL at it
    curl localhost:8500/control/say -d '{"user": 1, "text": "你好", "language_code": "zh-hant"}'
    curl localhost:8500/control/tap -d '{"user": 1, "title": "中焙"}'
    curl 'localhost:8500/control/chat?user=1'

Like the real one it hands an update out until a higher offset confirms it, refuses texts and buttons that are
too long, answers 401, 403, 409 and 429, and takes a file once and knows it by its id afterwards.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

type Json = dict[str, Any]

TOKEN = "123456:a-token-of-the-fake"
USERNAME = "dripwise_test_bot"
BOT = {"id": 123456, "is_bot": True, "first_name": "Dripwise", "username": USERNAME}
PNG = b"\x89PNG\r\n\x1a\n"
TEXT_LIMIT, CAPTION_LIMIT, DATA_LIMIT = 4096, 1024, 64
BOT_PER_SECOND = 30
CHAT_BURST = 4  # messages a chat takes within a second before it is told to wait


class Refusal(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass
class Call:
    """One call of the Bot API, as it came."""

    method: str
    params: Json
    at: float  # monotonic seconds


@dataclass
class Trouble:
    """What goes wrong with the next calls of a method."""

    method: str
    times: int
    refusal: Refusal | None = None  # None: the connection breaks
    after: bool = False  # it breaks only after the call was carried out


@dataclass
class BotApi:
    """The state behind the fake: users, their private chats, updates, and everything the bot did."""

    token: str = TOKEN
    chats: dict[int, list[Json]] = field(default_factory=dict)
    users: dict[int, Json] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    updates: list[Json] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    queries: dict[str, Json] = field(default_factory=dict)  # callback queries, with "answer" once answered
    webhook: Json = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    next_update: int = 700_000_001
    next_message: int = 1
    refused: list[Refusal] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    poll: int = 0
    sends: deque[tuple[float, int]] = field(default_factory=deque)

    # What people do

    def say(self, user: int, text: str, language_code: str = "en", **more: Any) -> Json:
        """The user types something. Returns the update."""
        entities = (
            [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text[:1] == "/" else []
        )
        return self.send(user, language_code, text=text, entities=entities, **more)

    def send(self, user: int, language_code: str = "en", **content: Any) -> Json:
        """The user sends something that isn't just text."""
        person = self._person(user, language_code)
        message = self._message(user, person, **content)
        return self.update(message=message)

    def edit(self, user: int, number: int, text: str) -> Json:
        """The user changes an earlier message."""
        message = self._found(user, number)
        message["text"], message["edit_date"] = text, int(time.time())
        return self.update(edited_message=dict(message))

    def tap(self, user: int, title: str = "", data: str = "") -> Json:
        """The user taps the newest button of this title or data; data nobody offered is a hack."""
        for message in reversed(self.chats.get(user, [])):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == title or button["callback_data"] == data:
                        return self._query(user, message, button["callback_data"])
        if not data:
            raise Refusal(404, f"no button {title!r} in this chat")
        return self._query(user, self.chats[user][-1], data)

    def block(self, user: int) -> Json:
        """The user blocks the bot."""
        self.blocked.add(user)
        return self._membership(user, "kicked")

    def unblock(self, user: int) -> Json:
        """The user lets the bot write again."""
        self.blocked.discard(user)
        return self._membership(user, "member")

    def in_group(self, group: int, user: int, text: str) -> Json:
        """Somebody writes in a group that the bot is in."""
        chat = {"id": group, "type": "supergroup", "title": "a group"}
        message = self._message(group, self._person(user, "en"), text=text)
        return self.update(message={**message, "chat": chat})

    def update(self, **content: Any) -> Json:
        """Put an update in the queue."""
        update = {"update_id": self.next_update, **content}
        self.next_update += 1
        self.updates.append(update)
        self.changed.set()
        return update

    def deliver_again(self, update: Json) -> None:
        """Hand an update out once more although it was confirmed."""
        self.updates.insert(0, update)
        self.changed.set()

    def fail(self, method: str, times: int, status: int, description: str, **parameters: int) -> None:
        """Refuse the next calls of a method."""
        self.troubles.append(Trouble(method, times, Refusal(status, description, **parameters)))

    def drop(self, method: str, times: int, *, after: bool = False) -> None:
        """Break the connection of the next calls of a method, before or after they are carried out."""
        self.troubles.append(Trouble(method, times, None, after))

    # What was seen

    def shown(self, user: int) -> list[Json]:
        """The chat as the user sees it: who, what, buttons."""
        return [seen(message) for message in self.chats.get(user, [])]

    def said(self, user: int) -> list[str]:
        """What the bot said to the user."""
        return [line["text"] for line in self.shown(user) if line["from"] == "bot"]

    def made(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    # The Bot API

    async def call(self, token: str, method: str, params: Json) -> Any:
        """Carry out one call. Raises Refusal, or ConnectionError when the connection is to break."""
        self.calls.append(Call(method, params, time.monotonic()))
        try:
            if token != self.token:
                raise Refusal(401, "Unauthorized")
            return await self._call(method, params)
        except Refusal as refusal:
            self.refused.append(refusal)
            raise

    async def _call(self, method: str, params: Json) -> Any:
        trouble = self._trouble(method)
        if trouble and trouble.refusal:
            raise trouble.refusal
        if trouble and not trouble.after:
            raise ConnectionError
        known = getattr(self, f"_do_{method.lower()}", None)
        if known is None:
            raise Refusal(404, "Not Found: method not found")
        result = known(params)
        result = await result if asyncio.iscoroutine(result) else result
        if trouble:
            raise ConnectionError
        return result

    def _trouble(self, method: str) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.method == method and trouble.times:
                trouble.times -= 1
                return trouble
        return None

    def _do_getme(self, _params: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False,
                "supports_inline_queries": False}  # fmt: skip

    async def _do_getupdates(self, params: Json) -> list[Json]:
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; "
                               "use deleteWebhook to delete the webhook first")  # fmt: skip
        offset, limit = int(params.get("offset", 0)), int(params.get("limit", 100))
        if offset:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
        self.poll += 1
        await self._new_updates(self.poll, float(params.get("timeout", 0)))
        return self.updates[:limit]

    async def _new_updates(self, mine: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        self.changed.set()  # whoever polls besides us wakes up and sees that it was replaced
        while not self.updates and time.monotonic() < deadline:
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), deadline - time.monotonic())
            except TimeoutError:
                break
            if self.poll != mine:
                raise Refusal(409, "Conflict: terminated by other getUpdates request; "
                                   "make sure that only one bot instance is running")  # fmt: skip

    def _do_setwebhook(self, params: Json) -> bool:
        self.webhook = {"url": params["url"], "secret": params.get("secret_token", "")}
        self.changed.set()
        return True

    def _do_deletewebhook(self, _params: Json) -> bool:
        self.webhook = {}
        return True

    def _do_sendmessage(self, params: Json) -> Json:
        text = str(params.get("text", ""))
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if units(text) > TEXT_LIMIT:
            raise Refusal(400, "Bad Request: message is too long")
        return self._from_bot(params, text=text)

    def _do_sendphoto(self, params: Json) -> Json:
        caption = str(params.get("caption", ""))
        if units(caption) > CAPTION_LIMIT:
            raise Refusal(400, "Bad Request: message caption is too long")
        number = self._file(params.get("photo", b""))
        photo = [{"file_id": number, "file_unique_id": number, "width": 640, "height": 480}]
        return self._from_bot(params, photo=photo, **({"caption": caption} if caption else {}))

    def _do_senddocument(self, params: Json) -> Json:
        content = params.get("document", b"")
        if not isinstance(content, bytes) or not content:
            raise Refusal(400, "Bad Request: file must be non-empty")
        number = f"file-{len(self.files) + 1}"
        self.files[number] = content
        return self._from_bot(params, document={"file_id": number, "file_unique_id": number})

    def _file(self, photo: bytes | str) -> str:
        if isinstance(photo, str):
            if photo not in self.files:
                raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
            return photo
        if not photo.startswith(PNG):
            raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
        number = f"file-{len(self.files) + 1}"
        self.files[number] = photo
        return number

    def _do_answercallbackquery(self, params: Json) -> bool:
        query = self.queries.get(str(params.get("callback_query_id")))
        if query is None or "answer" in query:
            raise Refusal(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        query["answer"] = params.get("text", "")
        return True

    def _do_editmessagereplymarkup(self, params: Json) -> Json:
        message = self._found(int(params["chat_id"]), int(params["message_id"]))
        markup = checked(params.get("reply_markup"))
        if message.get("reply_markup") == markup:
            raise Refusal(400, "Bad Request: message is not modified")
        message.pop("reply_markup", None)
        if markup:
            message["reply_markup"] = markup
        return message

    def _do_sendchataction(self, params: Json) -> bool:
        self._may_write(int(params["chat_id"]))
        return True

    def _do_setmycommands(self, _params: Json) -> bool:
        return True

    def _do_leavechat(self, params: Json) -> bool:
        self.left.add(int(params["chat_id"]))
        return True

    # Inside

    def _from_bot(self, params: Json, **content: Any) -> Json:
        chat = int(params["chat_id"])
        self._may_write(chat)
        markup = checked(params.get("reply_markup"))
        self._count(chat)
        return self._message(chat, BOT, **content, **({"reply_markup": markup} if markup else {}))

    def _may_write(self, chat: int) -> None:
        if chat not in self.chats:
            raise Refusal(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat in self.left:
            raise Refusal(403, "Forbidden: bot is not a member of the supergroup chat")

    def _count(self, chat: int) -> None:
        now = time.monotonic()
        while self.sends and self.sends[0][0] < now - 1:
            self.sends.popleft()
        here = sum(1 for _, other in self.sends if other == chat)
        if len(self.sends) >= BOT_PER_SECOND + 1 or here >= CHAT_BURST:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self.sends.append((now, chat))

    def _person(self, user: int, language_code: str) -> Json:
        known = self.users.setdefault(user, {"id": user, "is_bot": False, "first_name": f"User {user}"})
        return known | {"language_code": language_code}

    def _message(self, chat: int, sender: Json, **content: Any) -> Json:
        place = {"id": chat, "type": "private", "first_name": f"User {chat}"}
        message = {"message_id": self.next_message, "date": int(time.time()), "chat": place, "from": sender}
        message |= content
        self.next_message += 1
        self.chats.setdefault(chat, []).append(message)
        return dict(message)

    def _found(self, chat: int, number: int) -> Json:
        for message in self.chats.get(chat, []):
            if message["message_id"] == number:
                return message
        raise Refusal(400, "Bad Request: message to edit not found")

    def _query(self, user: int, message: Json, data: str) -> Json:
        number = str(len(self.queries) + 1)
        query = {"id": number, "from": self._person(user, "en"), "chat_instance": "1", "data": data}
        self.queries[number] = dict(query)
        return self.update(callback_query={**query, "message": dict(message)})

    def _membership(self, user: int, status: str) -> Json:
        member = {"user": BOT, "status": status, "until_date": 0}
        change = {"chat": {"id": user, "type": "private"}, "from": self._person(user, "en"), "date": 1,
                  "old_chat_member": {"user": BOT, "status": "left"}, "new_chat_member": member}  # fmt: skip
        return self.update(my_chat_member=change)


def checked(markup: Any) -> Json | None:
    """A keyboard, parsed, its rules kept."""
    parsed: Json | None = json.loads(markup) if isinstance(markup, str) and markup else markup or None
    for row in (parsed or {}).get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                raise Refusal(400, "Bad Request: inline keyboard button text is empty")
            if not 1 <= len(button.get("callback_data", "").encode()) <= DATA_LIMIT:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return parsed if parsed and parsed.get("inline_keyboard") else None


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def seen(message: Json) -> Json:
    """A message as its reader sees it."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {
        "id": message["message_id"],
        "from": "bot" if message["from"]["is_bot"] else "user",
        "text": message.get("text", message.get("caption", "")),
        "picture": "photo" in message,
        "buttons": [button["text"] for row in rows for button in row],
        "data": [button["callback_data"] for row in rows for button in row],
    }


type Control = Callable[[BotApi, Json], Any]

if __name__ == "__main__":
    from tests.journey.bot_api_server import main

    main()
