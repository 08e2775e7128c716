"""Processes are killed while customers talk: nothing is lost and nothing happens twice."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.journey.chatting import Customer
from tests.journey.shop_running import RunningShop, until

SEED = 20261124
KILLS = 8
TALKERS = 4
SETTLED_SECONDS = 240.0
LINES = (
    "hello",
    "I like dark roast",
    "I drink two cups a day",
    "I brew with a moka pot",
    "what do you know about me?",
    "thanks",
)


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """A shop whose processes may be killed; every test leaves it ready."""
    running = RunningShop(
        tmp_path_factory.mktemp("mortal"),
        DRIPWISE_MESSAGES_PER_MINUTE="6000",
        DRIPWISE_SESSIONS_PER_MINUTE="6000",
    )
    running.start()
    try:
        running.wait_ready()
        yield running
    finally:
        running.stop()


def test_a_message_sent_while_the_bot_is_down_is_told_so_once_and_answered_later(mortal: RunningShop) -> None:
    customer = Customer(mortal.url, "zh-Hant")
    with mortal.without("bot"):
        first, second = customer.say("你好"), customer.say("我喜歡深焙")
    assert [side for side, sender, _ in customer.history() if sender == "shop"] == ["shop"], "one notice"
    assert any("\u4e00" <= character <= "\u9fff" for character in (first + second)[0].text)
    until(lambda: waiting(mortal) == 0, SETTLED_SECONDS, "the messages aren't answered")
    mortal.wait_ready()
    assert [facts[:2] for facts in facts_of(mortal, customer.id)] == [("roast", "dark")]
    assert len(set(reply_times(mortal, customer.id))) == 2


def test_every_message_is_answered_once_and_every_fact_is_stored_once(mortal: RunningShop) -> None:
    calm = Customer(mortal.url)
    for line in LINES:
        calm.say(line)
    expected = facts_of(mortal, calm.id)
    assert len(expected) >= 3, "the undisturbed customer was understood"

    customers = talk_while_killing(mortal)

    until(lambda: waiting(mortal) == 0, SETTLED_SECONDS, "some messages are never answered")
    mortal.wait_ready()
    assert len(customers) >= TALKERS
    for customer in customers:
        assert facts_of(mortal, customer.id) == expected
        assert said_by(mortal, customer.id) == list(LINES)
        times = reply_times(mortal, customer.id)
        assert [message for message, _ in times] == sorted({message for message, _ in times}), "answered once"
        assert len(times) == len(LINES)
        for number, line in enumerate(LINES, 1):
            again = {reply.id for reply in customer.repeat(number, line)}
            assert again == replies_to(mortal, customer.id, number)
        assert said_by(mortal, customer.id) == list(LINES), "asking again changes nothing"


def talk_while_killing(shop: RunningShop) -> list[Customer]:
    """Customers come in and talk till the last kill; everybody who came."""
    over = threading.Event()
    came: list[Customer] = []

    def talk(seed: int) -> None:
        chance = random.Random(seed)
        while not over.is_set():
            customer = Customer(shop.url)
            came.append(customer)
            for line in LINES:
                customer.say(line)
                time.sleep(chance.uniform(0, 1))

    with ThreadPoolExecutor(TALKERS) as pool:
        talks = [pool.submit(talk, seed) for seed in range(TALKERS)]
        try:
            kill_at_random(shop)
        finally:
            over.set()
        for one in talks:
            one.result()
    return came


def kill_at_random(shop: RunningShop) -> None:
    """SIGKILL each process at least once, at moments nobody knows."""
    chance = random.Random(SEED)
    names = ["bot", "actions", "web", *chance.choices(["bot", "actions", "web"], k=KILLS - 3)]
    chance.shuffle(names)
    for name in names:
        time.sleep(chance.uniform(0.5, 4))
        shop.kill(name)


def rows(shop: RunningShop, question: str, *values: str | int) -> list[tuple[str, ...]]:
    """Ask the store itself."""
    with closing(sqlite3.connect(f"file:{shop.home}/dripwise.db?mode=ro", uri=True, timeout=60)) as store:
        return store.execute(question, values).fetchall()


def waiting(shop: RunningShop) -> int:
    return int(
        rows(shop, "SELECT count(*) FROM message WHERE direction = 'in' AND state <> 'answered'")[0][0]
    )


def facts_of(shop: RunningShop, customer: str) -> list[tuple[str, ...]]:
    """Every version of every fact: one that was stored twice is here twice."""
    return rows(
        shop,
        "SELECT topic, value, polarity FROM fact WHERE customer_id = ? ORDER BY topic, value, id",
        customer,
    )


def said_by(shop: RunningShop, customer: str) -> list[str]:
    found = rows(
        shop, "SELECT text FROM message WHERE customer_id = ? AND direction = 'in' ORDER BY id", customer
    )
    return [text for (text,) in found]


def reply_times(shop: RunningShop, customer: str) -> list[tuple[str, ...]]:
    """Message and moment of each answer: a message answered twice has two moments."""
    return rows(
        shop,
        "SELECT DISTINCT reply_to, at FROM message"
        " WHERE customer_id = ? AND direction = 'out' AND sender = 'bot' AND reply_to IS NOT NULL"
        " ORDER BY 1, 2",
        customer,
    )


def replies_to(shop: RunningShop, customer: str, number: int) -> set[str]:
    """The ids of the bot's replies to the customer's message of that number."""
    found = rows(
        shop,
        "SELECT id FROM message WHERE sender = 'bot' AND reply_to = (SELECT id FROM message"
        " WHERE customer_id = ? AND direction = 'in' ORDER BY id LIMIT 1 OFFSET ?)",
        customer,
        number - 1,
    )
    return {str(reply) for (reply,) in found}
