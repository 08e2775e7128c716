"""What a customer allows, purpose by purpose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from one_to_one.consent import Consents, Purpose, State, sensitive
from one_to_one.shop import Remembering
from tests.unit.packs import bakery

PLAIN = bakery().topics["crust"]
TOUCHY = replace(PLAIN, name="contains", sensitive=True)
NOTICE, OPT_IN = Remembering.NOTICE, Remembering.OPT_IN


def of(ground: Remembering, **states: State) -> Consents:
    named = {sensitive("contains") if name == "contains" else name: state for name, state in states.items()}
    return Consents(ground, named)


@pytest.mark.parametrize(
    ("consents", "remembers", "private"),
    [
        (of(NOTICE), True, False),
        (of(OPT_IN), False, False),
        (of(OPT_IN, remembering=State.GRANTED), True, False),
        (of(NOTICE, remembering=State.REVOKED), False, True),
        (of(OPT_IN, remembering=State.DENIED), False, True),
        (of(NOTICE, remembering=State.GRANTED), True, False),
    ],
)
def test_ordinary_tastes_are_kept_by_notice_or_with_a_yes(
    consents: Consents, remembers: bool, private: bool
) -> None:
    assert consents.remembers is consents.keeps(PLAIN) is remembers
    assert consents.private is private


@pytest.mark.parametrize("state", [None, State.DENIED, State.REVOKED])
@pytest.mark.parametrize("ground", list(Remembering))
def test_something_sensitive_is_kept_with_a_yes_only(ground: Remembering, state: State | None) -> None:
    assert not of(ground, **({"contains": state} if state else {})).keeps(TOUCHY)
    assert of(ground, contains=State.GRANTED).keeps(TOUCHY)


def test_who_wants_no_profile_has_nothing_sensitive_kept_either() -> None:
    assert not of(NOTICE, contains=State.GRANTED, remembering=State.REVOKED).keeps(TOUCHY)


@pytest.mark.parametrize("state", [None, State.DENIED, State.REVOKED])
def test_messages_unasked_are_never_assumed(state: State | None) -> None:
    assert not of(NOTICE, **({"unasked": state} if state else {})).unasked
    assert of(NOTICE, unasked=State.GRANTED).unasked


def test_proposals_are_personal_until_that_is_refused() -> None:
    assert of(NOTICE).personal
    assert not of(NOTICE, personal=State.REVOKED).personal


@pytest.mark.parametrize(
    ("consents", "plain", "touchy"),
    [
        (of(NOTICE), None, sensitive("contains")),
        (of(OPT_IN), Purpose.REMEMBERING, sensitive("contains")),
        (of(OPT_IN, remembering=State.DENIED), None, None),
        (of(NOTICE, contains=State.DENIED), None, None),
        (of(NOTICE, contains=State.REVOKED), None, sensitive("contains")),
        (of(NOTICE, remembering=State.REVOKED), None, None),
    ],
)
def test_consent_is_asked_for_when_first_needed_and_a_refusal_is_final(
    consents: Consents, plain: str | None, touchy: str | None
) -> None:
    assert (consents.to_ask(PLAIN), consents.to_ask(TOUCHY)) == (plain, touchy)
