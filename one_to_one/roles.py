"""What a colleague may do in the console."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Each may do what the one before may, and more."""

    REVIEWER = "reviewer"  # reads conversations and corrects what was understood
    AGENT = "agent"  # also answers customers and changes what is known about them
    OWNER = "owner"  # also reads the audit and decides who may enter

    def covers(self, other: Role) -> bool:
        """Whether this role may do whatever the other may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)
