"""What an update of Telegram means to us: somebody typed, tapped, edited, sent something else, or left."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import crc32

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User

from one_to_one.choosing_language import language_of
from one_to_one.language import Language

WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The kinds of update we ask Telegram for."""

KINDS = (
    "photo", "sticker", "voice", "audio", "video_note", "video", "animation",
    "document", "location", "venue", "contact", "poll", "dice", "story",
)  # fmt: skip
"""Things a message can carry instead of text; `other` is everything newer than this list."""

SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
)
"""Messages Telegram itself writes into a private chat. Nobody waits for an answer to them."""

COMMAND = re.compile(r"/([a-z0-9_]+)(?:@[a-z0-9_]+)?(\S*)\s*(.*)$", re.IGNORECASE | re.DOTALL | re.ASCII)
"""A command, what is glued to it (`/intent{…}`: then it is none of ours), and its argument."""
LEFT = (ChatMember.BANNED, ChatMember.LEFT)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, and where."""

    user: str  # Telegram's number of the person
    chat: str  # and of the private chat with them
    language: Language  # of their Telegram app: a first guess


@dataclass(frozen=True, slots=True)
class Talk:
    """Words, typed or under a picture."""

    sender: Sender
    external_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """`/name argument`."""

    sender: Sender
    external_id: str
    text: str
    name: str  # lower case, without the slash; "" for one that can't be a command of ours
    argument: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A message that now reads otherwise."""

    sender: Sender
    original: str  # external id of the message
    external_id: str  # of this version of it
    text: str


@dataclass(frozen=True, slots=True)
class Tap:
    """A pressed button."""

    sender: Sender
    external_id: str
    callback: str  # to be answered, or the button goes on spinning
    payload: str
    title: str  # "" when Telegram no longer shows us the message
    message: int | None  # the one with the keyboard


@dataclass(frozen=True, slots=True)
class Thing:
    """A picture, a sticker, a voice message: not words."""

    sender: Sender
    external_id: str
    kind: str  # one of KINDS, or "other"


@dataclass(frozen=True, slots=True)
class Left:
    """The customer blocked the bot."""

    sender: Sender


@dataclass(frozen=True, slots=True)
class Crowd:
    """Something in a group or a channel, where the bot has no business."""

    chat: str
    can_write: bool  # a group that we are still in


type Said = Talk | Command | Edit | Tap | Thing | Left
"""What a customer can do in their private chat."""


def read(update: Update) -> Said | Crowd | None:
    """What the update means; None: nothing to us (other bots, service messages)."""
    if update.callback_query:
        return _tap(update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    if update.message:
        return _message(update.message)
    return _edit(update.edited_message) if update.edited_message else None


def _message(message: Message) -> Said | Crowd | None:
    if message.chat.type != Chat.PRIVATE:
        return _crowd(message.chat, still_in=message.left_chat_member is None)
    sender = _sender(message.from_user, message.chat)
    if sender is None or any(getattr(message, name) for name in SERVICE):
        return None
    text = (message.text or message.caption or "").strip()
    if not text:
        return Thing(sender, _thing_id(message), _kind(message))
    return _words(sender, _id_of(message), clean(text), message.text is not None)


def _words(sender: Sender, external_id: str, text: str, typed: bool) -> Talk | Command:
    command = COMMAND.match(text) if typed else None
    if command is None:
        return Talk(sender, external_id, text)
    name = "" if command[2] else command[1].lower()
    return Command(sender, external_id, text, name, command[3].strip())


def _edit(message: Message) -> Said | Crowd | None:
    sender = _sender(message.from_user, message.chat)
    text = (message.text or message.caption or "").strip()
    if message.chat.type != Chat.PRIVATE or sender is None or not text:
        return None
    return Edit(sender, _id_of(message), _version(message, text), clean(text))


def _tap(query: CallbackQuery) -> Tap | None:
    if query.from_user.is_bot:
        return None
    user = str(query.from_user.id)
    chat = str(query.message.chat.id) if query.message else user
    number = query.message.message_id if query.message else None
    data = query.data or ""
    place = f"{chat}:{number}:{data}" if number is not None else query.id
    sender = Sender(user, chat, _language(query.from_user))
    return Tap(sender, f"cb:{place}", query.id, data, _title(query), number)


def _title(query: CallbackQuery) -> str:
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    rows = markup.inline_keyboard if markup else ()
    return next((button.text for row in rows for button in row if button.callback_data == query.data), "")


def _membership(change: ChatMemberUpdated) -> Left | Crowd | None:
    gone = change.new_chat_member.status in LEFT
    if change.chat.type != Chat.PRIVATE:
        return _crowd(change.chat, still_in=not gone)
    sender = _sender(change.from_user, change.chat)
    return Left(sender) if gone and sender else None


def _crowd(chat: Chat, still_in: bool) -> Crowd | None:
    return Crowd(str(chat.id), can_write=chat.type != Chat.CHANNEL) if still_in else None


def _sender(user: User | None, chat: Chat) -> Sender | None:
    if user is None or user.is_bot:
        return None
    return Sender(str(user.id), str(chat.id), _language(user))


def _id_of(message: Message) -> str:
    return f"{message.chat.id}:{message.message_id}"


def _thing_id(message: Message) -> str:
    album = message.media_group_id
    return f"{message.chat.id}:album:{album}" if album else _id_of(message)


def _language(user: User) -> Language:
    return language_of(user.language_code or "") or Language.ENGLISH


def _kind(message: Message) -> str:
    return next((kind for kind in KINDS if getattr(message, kind, None)), "other")


def _version(message: Message, text: str) -> str:
    """The external id of an edited message: two edits within a second differ by their words."""
    seconds = int(message.edit_date.timestamp()) if message.edit_date else 0
    return f"{_id_of(message)}:edit:{seconds}:{crc32(text.encode('utf-8', 'replace')):x}"


def clean(text: str) -> str:
    """The text without lone halves of characters and NULs, which no database takes."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
