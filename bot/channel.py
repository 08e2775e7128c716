"""The only door into the bot: one turn in, "done" or an error out. Replies don't pass here."""

import hmac
import logging
from typing import Any, Awaitable, Callable, Collection, Dict, Optional

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.turn import BadTurn, Turn, read_turn

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Dripwise-Secret"
Handler = Callable[[UserMessage], Awaitable[Any]]


class Marker(OutputChannel):
    """Keeps the one thing an action sends through Rasa: the id of the message it has answered."""

    def __init__(self) -> None:
        self.message: Optional[int] = None

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        self.message = (message.get("custom") or {}).get("message", self.message)


class DripwiseInput(InputChannel):
    """Turns from our own web process, and nobody else."""

    def __init__(
        self, secret: str, intents: Callable[[], Collection[str]], is_ready: Callable[[], Awaitable[bool]]
    ) -> None:
        self._secret = secret.encode()
        self._intents = intents
        self._is_ready = is_ready

    @classmethod
    def name(cls) -> str:
        return "dripwise"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The two routes of the wire."""
        door = Blueprint("dripwise", "bot")

        @door.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._take(request, on_new_message)

        @door.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            is_ready = await self._is_ready()
            return response.json({"ready": is_ready}, 200 if is_ready else 503)

        return door

    async def _take(self, request: Request, on_new_message: Handler) -> HTTPResponse:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret):
            return _refuse(401, "wrong secret")
        try:
            turn = read_turn(request.body, self._intents())
        except BadTurn as problem:
            return _refuse(400, str(problem))
        if await _answered(turn, on_new_message):
            return response.json({"message": turn.message})
        return _refuse(503, "the message was not answered")


def _refuse(status: int, detail: str) -> HTTPResponse:
    return response.json({"detail": detail}, status)


async def _answered(turn: Turn, on_new_message: Handler) -> bool:
    """Whether the action says that it has answered this very message."""
    marker = Marker()
    message = UserMessage(
        turn.text, marker, turn.customer, input_channel="dripwise", metadata={"message": turn.message}
    )
    message.text = turn.text  # Rasa strips it, and the places of words would no longer be right
    try:
        await on_new_message(message)
    except Exception:
        logger.exception("message %d failed", turn.message)
        return False
    return marker.message == turn.message
