"""Whether a colleague is here for customers: while a page of theirs is open, unless they are away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from litestar import Controller, Response, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from one_to_one.roles import Role
from staff.console import Console
from staff.pages import drawn
from staff.who import Asked, may


@dataclass(frozen=True, slots=True)
class Presence:
    """What the switch was put to."""

    away: bool = False


class Away(Controller):
    """The switch in the frame."""

    path = "/away"
    guards = (may(Role.AGENT),)
    include_in_schema = False

    @post("/", status_code=200)
    async def switch(
        self,
        console: Console,
        request: Asked,
        data: Annotated[Presence, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Response[str]:
        """Be away for customers, or here again; the switch as it stands then."""
        async with console.store.transaction() as books:
            colleague = await books.staff.away(request.user.name, data.away)
        toast = "floor.is_away" if data.away else "floor.is_here"
        return drawn(console, request, "presence.html", colleague=colleague, toast=toast)
