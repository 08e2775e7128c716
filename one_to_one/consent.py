"""What a customer allows, purpose by purpose. Only a yes opens what is opt-in; a no closes everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from one_to_one.shop import Remembering, Topic

SENSITIVE = "sensitive:"
"""What the purposes of keeping a sensitive topic begin with."""


class Purpose(StrEnum):
    """What a consent is for; beside these there is one purpose for each sensitive topic."""

    REMEMBERING = "remembering"  # keeping what is said for later contacts
    PERSONAL = "personal"  # proposals made from what is kept
    UNASKED = "unasked"  # messages that answer nothing


class State(StrEnum):
    """How a purpose stands since it was last talked about."""

    GRANTED = "granted"
    DENIED = "denied"  # refused when asked
    REVOKED = "revoked"  # allowed before, or by notice, and taken back


def sensitive(topic: str) -> str:
    """The purpose of keeping a sensitive topic."""
    return SENSITIVE + topic


@dataclass(frozen=True, slots=True)
class Consents:
    """Everything one customer allowed or refused."""

    ground: Remembering  # on what ground this shop remembers
    states: Mapping[str, State] = field(default_factory=dict)  # by purpose; never talked about: missing

    def asked(self, purpose: str) -> bool:
        """Whether the customer ever decided on it."""
        return purpose in self.states

    def granted(self, purpose: str) -> bool:
        """Whether there is a yes that was not taken back."""
        return self.states.get(purpose) is State.GRANTED

    @property
    def remembers(self) -> bool:
        """Whether ordinary tastes are kept."""
        by_notice = self.ground is Remembering.NOTICE and not self.asked(Purpose.REMEMBERING)
        return by_notice or self.granted(Purpose.REMEMBERING)

    @property
    def private(self) -> bool:
        """Whether they want no profile at all: nothing is kept, and nothing is asked to fill one."""
        return self.asked(Purpose.REMEMBERING) and not self.granted(Purpose.REMEMBERING)

    @property
    def personal(self) -> bool:
        """Whether proposals may be made from what is known."""
        return self.granted(Purpose.PERSONAL) or not self.asked(Purpose.PERSONAL)

    @property
    def unasked(self) -> bool:
        """Whether the shop may write first: never assumed."""
        return self.granted(Purpose.UNASKED)

    def keeps(self, topic: Topic) -> bool:
        """Whether what is said about a topic stays after this contact."""
        if topic.sensitive:
            return not self.private and self.granted(sensitive(topic.name))
        return self.remembers

    def to_ask(self, topic: Topic) -> str | None:
        """The purpose that has to be asked about before something of this topic is kept; None: none."""
        if self.private:
            return None
        if topic.sensitive:
            purpose = sensitive(topic.name)
            return purpose if self.states.get(purpose) in (None, State.REVOKED) else None
        needs_yes = self.ground is Remembering.OPT_IN and not self.asked(Purpose.REMEMBERING)
        return Purpose.REMEMBERING if needs_yes else None
