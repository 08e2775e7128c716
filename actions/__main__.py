"""Start the action server: `python -m actions`."""

from __future__ import annotations

import logging

from actions.server import app_of, desk_of
from settings import Settings


def main() -> None:
    """Serve until SIGTERM or SIGINT, then finish the turns that are under way."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = Settings()
    app = app_of(desk_of(settings))
    app.run(
        host="127.0.0.1",
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
