"""Reading one turn from the wire."""

import json
import re
from dataclasses import dataclass
from typing import Any, Collection, Dict

LONGEST_TEXT = 1000  # characters the bot reads; the store keeps the rest
PAYLOAD_BYTES = 64
FALLBACK = "nlu_fallback"

_CUSTOMER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PAYLOAD = re.compile(r"([a-z]+)(?::[!-~]*)?")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class BadTurn(Exception):
    """The body isn't a turn; the message says what is wrong with it."""


@dataclass(frozen=True)
class Turn:
    """One message of one customer, as Rasa is to read it."""

    customer: str
    message: int  # its id in the store
    text: str  # what was typed, harmless; or "/" and an intent


def read_turn(body: bytes, intents: Collection[str]) -> Turn:
    """The turn in a request's body; payloads become one of `intents`. Raises BadTurn."""
    fields = _fields(body)
    customer, message = fields.get("customer"), fields.get("message")
    if not isinstance(customer, str) or not _CUSTOMER.fullmatch(customer):
        raise BadTurn("customer must be 1 to 64 letters, digits, - or _")
    if type(message) is not int or message < 0:
        raise BadTurn("message must be a whole number from 0")
    if ("text" in fields) == ("payload" in fields):
        raise BadTurn("there must be either text or payload")
    if "payload" in fields:
        return Turn(customer, message, _tapped(fields["payload"], intents))
    if not isinstance(fields["text"], str):
        raise BadTurn("text must be a string")
    return Turn(customer, message, harmless(fields["text"]))


def _fields(body: bytes) -> Dict[str, Any]:
    try:
        fields = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadTurn("the body isn't UTF-8") from None
    except (ValueError, RecursionError):
        raise BadTurn("the body isn't JSON") from None
    if not isinstance(fields, dict):
        raise BadTurn("the body isn't a JSON object")
    return fields


def _tapped(payload: Any, intents: Collection[str]) -> str:
    match = _PAYLOAD.fullmatch(payload) if isinstance(payload, str) else None
    if match is None or len(payload) > PAYLOAD_BYTES:
        raise BadTurn("payload must be verb[:argument...] in ASCII, at most 64 bytes")
    intent = "tap_" + match.group(1)
    if intent not in intents:
        raise BadTurn("unknown verb in payload")
    return "/" + intent


def harmless(typed: str) -> str:
    """What the bot reads of what was typed.

    Words never become an intent: Rasa takes "/" for one, also after white space.
    """
    text = _LONE_SURROGATE.sub("\ufffd", typed[:LONGEST_TEXT])
    words = text.lstrip()
    if not words:
        return "/" + FALLBACK
    if words.startswith("/"):
        return text.replace("/", "\uff0f", 1)
    return text
