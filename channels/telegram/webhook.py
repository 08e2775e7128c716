"""The webhook: Telegram brings each update, and gets its 200 once the update is written down."""

from __future__ import annotations

import hmac
import json
from json import JSONDecodeError
from typing import Any

import structlog
from litestar import Request, Response, Router, post
from telegram import Update

from channels.telegram.channel import Telegram
from channels.telegram.polling import AWAY

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1_000_000  # bytes of one update; Telegram's are a few thousand
type Asked = Request[Any, Any, Any]

log = structlog.get_logger("telegram")


def webhook_router() -> Router:
    """The route for the web process to mount. It finds the channel on `app.state.telegram`."""
    return Router(path=PATH, route_handlers=[receive], request_max_body_size=LARGEST)


@post("/", status_code=200, include_in_schema=False)
async def receive(request: Asked) -> Response[dict[str, object]]:
    """200 once the update is in the store; 5xx makes Telegram bring it again."""
    channel: Telegram | None = request.app.state.get("telegram")
    if channel is None or channel.webhook is None:
        return _refuse(404, "no webhook here")
    if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), channel.webhook.secret.encode()):
        return _refuse(401, "wrong secret token")
    update = _update(await request.body(), channel)
    if update is None:
        return _refuse(400, "not an update")
    try:
        await channel.receive(update)
    except AWAY:
        log.exception(
            "an update can't be written down, Telegram will bring it again", update=update.update_id
        )
        return _refuse(503, "try again")
    except Exception:
        log.exception("an update can't be understood and is let go", update=update.update_id)
    return Response({"ok": True})


def _update(body: bytes, channel: Telegram) -> Update | None:
    try:
        data = json.loads(body)
        return Update.de_json(data, channel.bot) if "update_id" in data else None
    except (JSONDecodeError, UnicodeDecodeError, TypeError, KeyError, ValueError, AttributeError):
        log.warning("something that isn't an update came to the webhook")
        return None


def _refuse(status: int, detail: str) -> Response[dict[str, object]]:
    return Response({"detail": detail}, status_code=status)
