"""The bot as a server on the loopback interface."""

from typing import Any, Callable

from rasa.core.channels.channel import register
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.agent import Bot, load_bot
from bot.channel import DripwiseInput
from bot.endpoint import ActionServer
from bot.settings import BotSettings

LARGEST_BODY = 1_000_000  # bytes; 100,000 characters fit in any encoding JSON has for them
STOP_SECONDS = 3.0  # a turn may take this long to end after SIGTERM
WARM_UP = ("warm up", "/nlu_fallback")


def make_server(settings: BotSettings) -> Sanic:
    """The server with its model loaded; it listens after a first parse has warmed it up."""
    actions = ActionServer(f"http://127.0.0.1:{settings.actions_port}")
    bot = load_bot(settings.model, actions)
    app = Sanic("dripwise_bot", configure_logging=False)
    app.config.update(
        REQUEST_MAX_SIZE=LARGEST_BODY, GRACEFUL_SHUTDOWN_TIMEOUT=STOP_SECONDS, FALLBACK_ERROR_FORMAT="json"
    )
    app.ctx.agent = bot
    register(
        [DripwiseInput(settings.secret, lambda: bot.domain.intents, actions.is_healthy)], app, "/webhooks/"
    )
    app.register_listener(_warming_up(bot), "before_server_start")
    app.register_listener(_closing(actions), "after_server_stop")
    app.error_handler.add(SanicException, _explain)
    return app


def _warming_up(bot: Bot) -> Callable[..., Any]:
    async def warm_up(app: Sanic, loop: Any) -> None:
        for text in WARM_UP:
            await bot.parse_message(text)

    return warm_up


def _closing(actions: ActionServer) -> Callable[..., Any]:
    async def close(app: Sanic, loop: Any) -> None:
        await actions.close()

    return close


def _explain(request: Request, problem: SanicException) -> HTTPResponse:
    return response.json({"detail": str(problem) or type(problem).__name__}, problem.status_code)
