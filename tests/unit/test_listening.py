"""What the bot writes on the wire, as the actions hear it."""

from __future__ import annotations

from typing import Any

import pytest

from actions.listening import heard_in
from one_to_one.facts import Heard, Polarity
from tests.unit.packs import bakery

TEXT = "soft, please"


def entity(**extra: Any) -> dict[str, Any]:
    """A soft crust, as the bot writes it, with what else it knows."""
    return {"entity": "crust", "value": "soft", "start": 0, "end": 4, "confidence_entity": 0.9} | extra


def only(**extra: Any) -> Heard:
    """What is heard of the speaker themselves."""
    [heard] = heard_in([entity(**extra)], TEXT, bakery())
    return heard


def test_what_is_plainly_said_is_lasting_and_their_own() -> None:
    assert only() == Heard("crust", "soft", Polarity.LIKES, 0.9, "soft")


@pytest.mark.parametrize(
    ("extra", "field", "expected"),
    [
        ({"lasting": False}, "lasting", False),
        ({"lasting": None}, "lasting", True),
        ({"ends": True}, "ends", True),
        ({"relative": 1}, "relative", 1),
        ({"relative": -1}, "relative", -1),
        ({"relative": 2.0}, "relative", 1),
        ({"relative": None}, "relative", 0),
        ({"polarity": "never"}, "polarity", Polarity.NEVER),
    ],
)
def test_what_else_the_bot_knows_is_heard(extra: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(only(**extra), field) == expected


def test_somebody_elses_taste_is_heard_with_whose_it_is() -> None:
    theirs = entity(about="other", who="mother")
    assert heard_in([theirs], TEXT, bakery()) == ()
    [heard] = heard_in([theirs], TEXT, bakery(), about="other")
    assert heard.who == "mother"
