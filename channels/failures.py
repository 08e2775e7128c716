"""Errors as the chat API tells them: a status and `{"detail"}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from sqlalchemy.exc import SQLAlchemyError

from channels.blaming import blame
from channels.refusals import Refusal
from channels.wire import Problem
from one_to_one.errors import DripwiseError, StoreUnreachable

log = structlog.get_logger("web")

type Asked = Request[object, object, State]
type Told = Response[Problem]


def refused(_request: Asked, error: Refusal) -> Told:
    """A request we refuse ourselves."""
    return Response(Problem(str(error)), status_code=error.status, headers=error.headers)


def bad_request(_request: Asked, error: HTTPException) -> Told:
    """What litestar found wrong."""
    found = error.extra if isinstance(error.extra, list) else []
    details = [f"{one['key']}: {one['message']}" for one in found if isinstance(one, dict) and "key" in one]
    return Response(
        Problem("; ".join(details) or error.detail),
        status_code=error.status_code,
        headers=error.headers or {},
    )


def not_unicode(_request: Asked, _error: UnicodeDecodeError) -> Told:
    """A body or an address that is no UTF-8."""
    return Response(Problem("This is not UTF-8."), status_code=400)


def store_away(request: Asked, error: SQLAlchemyError | StoreUnreachable | OSError) -> Told:
    """The store can't be used right now."""
    log.error("store away", path=request.url.path, **blame(error))
    detail = "The customer store can't be reached right now. Try the same again."
    return Response(Problem(detail), status_code=503, headers={"Retry-After": "2"})


def unexpected(request: Asked, error: Exception) -> Told:
    """A defect of ours: the log gets the cause, never the words."""
    log.error("defect", path=request.url.path, **blame(error))
    return Response(Problem("Something went wrong here. The cause is in the log."), status_code=500)


HANDLERS: dict[int | type[Exception], Callable[..., Response[Any]]] = {
    Refusal: refused,
    HTTPException: bad_request,
    UnicodeDecodeError: not_unicode,
    SQLAlchemyError: store_away,
    StoreUnreachable: store_away,
    DripwiseError: unexpected,
    Exception: unexpected,
}
