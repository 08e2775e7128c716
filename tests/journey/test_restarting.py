"""A conversation goes on where it stopped, whatever was restarted in between."""

from __future__ import annotations

import json
import subprocess

from settings import ROOT
from tests.journey.chatting import Customer, Heard
from tests.journey.conftest import OpenShop
from tests.journey.shop_running import RunningShop


def asked(replies: list[Heard]) -> tuple[str, str, str]:
    """The topic of the question among the replies, its first answer, and the words on that button."""
    for reply in replies:
        for payload, title in zip(reply.payloads, reply.titles, strict=True):
            if payload.startswith("answer:"):
                _, topic, value = payload.split(":", 2)
                return topic, value, title
    raise AssertionError(f"no question in {[reply.text for reply in replies]}")


def shown(shop: RunningShop, customer: str) -> dict[str, list[dict[str, object]]]:
    """`customer show ID --json`."""
    out = subprocess.run(
        [str(ROOT / "dripwise"), "customer", "show", customer, "--json"],
        env=shop.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found: dict[str, list[dict[str, object]]] = json.loads(out)
    return found


def test_a_pending_question_is_answered_after_a_restart(open_shop: OpenShop) -> None:
    shop = open_shop()
    customer = Customer(shop.url)
    topic, value, words = asked(customer.say("hello"))
    before = customer.history()
    shop.restart()
    assert customer.history() == before
    customer.say(words)
    record = shown(shop, customer.id)
    assert (topic, value) in [(fact["topic"], fact["value"]) for fact in record["facts"]]
    assert [(q["topic"], q["state"]) for q in record["questions"] if q["topic"] == topic] == [
        (topic, "answered")
    ]
