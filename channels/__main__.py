"""`python -m channels`: the web process."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from types import FrameType

import structlog
import uvicorn

from channels.bot import RasaBot
from channels.shopfront import open_shopfront
from channels.turns import utc_now
from channels.web import make_app
from crm_store.keys import read_or_make_key
from crm_store.store import Store
from one_to_one.errors import DripwiseError
from one_to_one.pack import read_pack
from one_to_one.texts import Texts
from settings import ROOT, Settings

GRACE_SECONDS = 2
"""How long running requests may finish when the process is told to stop."""


class _Server(uvicorn.Server):
    """A server that ends its event streams when it is told to stop, instead of waiting for the browsers."""

    def __init__(self, config: uvicorn.Config, ends: Sequence[Callable[[], None]]) -> None:
        super().__init__(config)
        self._ends = ends

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called on SIGINT and SIGTERM."""
        for end in self._ends:
            end()
        super().handle_exit(sig, frame)


def main() -> int:
    """Serve until told to stop; 1 when it can't start."""
    _set_up_logging()
    settings = Settings()
    try:
        pack = read_pack(settings.shop_folder)
    except DripwiseError as error:
        print(error, file=sys.stderr)
        return 1
    secret = read_or_make_key(settings.keys, "bot_secret")
    bot = RasaBot(settings.bot_port, secret, settings.turn_seconds)
    texts = Texts.read(ROOT / "data" / "texts")
    shopfront = open_shopfront(settings, Store(settings.store_url), bot, pack, texts, utc_now)
    app = make_app(shopfront)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config, (shopfront.pushes.end, app.state.console.glance.end))
    server.run()
    return 0 if server.started else 1


def _set_up_logging() -> None:
    """Ids and causes, one line each; never what anybody said."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
