"""The rooms of the console: the pages that the navigation leads to."""

from __future__ import annotations

from dataclasses import dataclass

from one_to_one.roles import Role
from staff.who import PLACE


@dataclass(frozen=True, slots=True)
class Room:
    """A page that the navigation leads to."""

    name: str  # of its text below `nav`, and of its icon
    path: str
    key: str  # typed after g
    role: Role  # needed to enter

    def holds(self, path: str) -> bool:
        """Whether a page is in this room."""
        if self.path == f"{PLACE}/":
            return path.rstrip("/") == PLACE
        return path == self.path or path.startswith(f"{self.path}/")


ROOMS = (
    Room("today", f"{PLACE}/", "t", Role.REVIEWER),
    Room("conversations", f"{PLACE}/conversations", "c", Role.REVIEWER),
    Room("memory", f"{PLACE}/memory", "m", Role.REVIEWER),
    Room("customers", f"{PLACE}/customers", "u", Role.AGENT),
    Room("orders", f"{PLACE}/orders", "o", Role.REVIEWER),
    Room("charts", f"{PLACE}/charts", "h", Role.REVIEWER),
    Room("audit", f"{PLACE}/audit", "a", Role.OWNER),
)
"""In the order they are shown; those that nothing serves yet aren't."""
