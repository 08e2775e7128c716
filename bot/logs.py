"""Logs of the bot: what happened and to which message id, never what was said."""

import logging
import sys

import structlog


def quieten() -> None:
    """Log our own lines from INFO and everybody else's from WARNING, to standard error."""
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format=form)
    logging.getLogger("bot").setLevel(logging.INFO)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR), cache_logger_on_first_use=True
    )
