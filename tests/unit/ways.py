"""Every route that is served, as tests walk them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from litestar import Litestar
from litestar._openapi.plugin import OpenAPIPlugin
from litestar.routes import HTTPRoute

from one_to_one.roles import Role
from staff.who import EVENTS, PLACE, May


@dataclass(frozen=True)
class Way:
    """A route and the role that opens it."""

    method: str
    path: str
    role: Role | None  # None: open to all

    def address(self, customer: str) -> str:
        """The route for a customer, and the number 1 of anything else."""
        filled = re.sub(r"{customer(_id)?:str}", customer, self.path)
        return re.sub(r"{\w+:\w+}", "1", filled)


def ways(app: Litestar) -> list[Way]:
    """Every route below /staff with each of its methods."""
    found = []
    for route in _routes(app):
        if route.path.startswith(PLACE):
            for handler in route.route_handlers:
                roles = [guard.role for guard in handler.resolve_guards() if isinstance(guard, May)]
                role = max(roles, key=list(Role).index, default=None)
                found += [Way(method, route.path, role) for method in handler.http_methods - {"OPTIONS"}]
    return sorted(found, key=lambda way: (way.path, way.method))


def pages(app: Litestar) -> list[Way]:
    """Every page below /staff that shows something of the shop, and every part that is fetched into one."""
    return [way for way in ways(app) if way.method == "GET" and way.role and way.path != PLACE + EVENTS]


async def page_addresses(app: Litestar, browser: httpx.AsyncClient, customer: str) -> list[str]:
    """The address of every page, as somebody who may open all of them finds it.

    Those of things by name are taken from links on other pages. Fails for a page that nothing leads to.
    """
    answers = {way: await browser.get(way.address(customer)) for way in pages(app)}
    found = [str(answer.request.url.path) for answer in answers.values() if answer.status_code == 200]
    seen = html.unescape("".join(answer.text for answer in answers.values()))
    for way in (way for way, answer in answers.items() if answer.status_code != 200):
        pattern = re.sub(r"\\{(\w+):\w+\\}", r"[^/\"'?#\\s]+", re.escape(way.path))
        linked = re.search(rf"{pattern}(?=[\"'?#])", seen)
        if linked is not None:
            found.append(linked[0])
        else:  # a row may lack what is shown of it, but every name is led to
            assert ":int}" in way.path, f"nothing leads to {way.path}"
    return found


def whole_schema(app: Litestar) -> dict[str, Any]:
    """The description of every route, those included that the served one leaves out."""
    plugin = app.plugins.get(OpenAPIPlugin)
    for route in _routes(app):
        for handler in route.route_handlers:
            handler._resolved_include_in_schema = handler.http_methods != {"OPTIONS"}  # ids would clash
        plugin.receive_route(route)
    schema: dict[str, Any] = plugin.provide_openapi().to_schema()
    for path in schema["paths"].values():
        path.pop("options", None)
    return schema


def _routes(app: Litestar) -> Iterator[HTTPRoute]:
    return (route for route in app.routes if isinstance(route, HTTPRoute))
