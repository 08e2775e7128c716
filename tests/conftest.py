"""What holds for all tests."""

from __future__ import annotations

import gc
import signal
from types import FrameType
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

# The same examples every time, however busy the machine is. Before any test is read: they inherit it then.
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
settings.register_profile("calm", deadline=None, derandomize=True, suppress_health_check=QUIET)
settings.load_profile("calm")


def pytest_configure() -> None:
    """Whoever ends the tests ends what they have started: SIGTERM is taken like Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_sessionstart(session: pytest.Session) -> None:
    """What is tested may swallow the interrupt; then its test is the last."""

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        session.shouldstop = "asked to stop"
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported and read up to now stays: looking through it for rubbish took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
