"""Start the action server: `python -m actions`."""

from __future__ import annotations

import asyncio
import logging
import sys

from actions.desk import Desk
from actions.server import app_of, desk_of, warm_up
from one_to_one.errors import DripwiseError
from settings import Settings


def main() -> None:
    """Serve until SIGTERM or SIGINT, then finish the turns that are under way."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    settings = Settings()
    try:
        desk = desk_of(settings)
        asyncio.run(_check(desk))
        warm_up(desk)
    except DripwiseError as error:
        sys.exit(str(error))
    app_of(desk).run(
        host="127.0.0.1",
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )


async def _check(desk: Desk) -> None:
    """Fail before the first customer comes, rather than with every one of them."""
    await desk.store.check()
    await desk.store.close()


if __name__ == "__main__":
    main()
