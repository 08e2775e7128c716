"""`python -m bot`: serve turns on 127.0.0.1 until SIGTERM."""

import gc
import logging
import os
import time

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

import bot.lean  # noqa: F401  (before Rasa)
from bot.logs import quieten
from bot.server import make_server
from bot.settings import read_settings

logger = logging.getLogger("bot")


def main() -> None:
    """Load, warm up, serve."""
    began = time.monotonic()
    quieten()
    settings = read_settings()
    gc.disable()  # what is loaded now stays
    app = make_server(settings)
    gc.freeze()
    gc.enable()
    logger.info("model %s loaded in %.1f s", settings.model.name, time.monotonic() - began)
    app.run(host="127.0.0.1", port=settings.port, access_log=False, motd=False, register_sys_signals=True)


if __name__ == "__main__":
    main()
