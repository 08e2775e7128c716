"""The trained bot over its wire, with a stand-in for the action server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

import pytest
import yaml

from cli.training import train_if_needed
from settings import ROOT, Settings
from tests.journey.bot_running import RunningBot
from tests.journey.stand_in_actions import StandInActions, stand_in_actions
from tests.ports import own_port

PRIVATE = "我的秘密口味是榴槤"
DOMAIN = yaml.safe_load((ROOT / "bot" / "domain.yml").read_text(encoding="utf-8"))
TAPS = sorted(name for intent in DOMAIN["intents"] for name in intent if name.startswith("tap_"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_if_needed(Settings(home=tmp_path_factory.mktemp("training")), print)


@pytest.fixture(scope="module")
def serving() -> Iterator[StandInActions]:
    with stand_in_actions() as actions:
        yield actions


@pytest.fixture(scope="module")
def running(
    model: Path, serving: StandInActions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningBot]:
    bot = RunningBot(tmp_path_factory.mktemp("bot"), model, serving.port)
    try:
        print(f"\nbot: ready to listen after {bot.start():.1f} s, {bot.rss_mib():.0f} MiB")
        yield bot
    finally:
        bot.close()


@pytest.fixture
def bot(running: RunningBot) -> RunningBot:
    return running


@pytest.fixture
def actions(serving: StandInActions) -> Iterator[StandInActions]:
    yield serving
    serving.status, serving.marker = 200, None


def body(**fields: object) -> bytes:
    return json.dumps({"customer": "c1", "message": 1, "text": "hi"} | fields).encode()


def test_it_is_ready_when_the_actions_are(bot: RunningBot) -> None:
    answer = bot.ready()
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


def test_a_typed_message_reaches_the_action_of_its_intent(bot: RunningBot, actions: StandInActions) -> None:
    answer = bot.turn(message=7, customer="cabc", text="我不喝牛奶")
    assert (answer.status_code, answer.json()) == (200, {"message": 7})
    assert actions.last["next_action"] == "action_inform"
    assert actions.last["sender_id"] == "cabc"
    assert actions.understood["metadata"]["message"] == 7
    [entity] = actions.understood["entities"]
    assert (
        entity.items()
        >= {
            "entity": "milk",
            "value": "dairy",
            "start": 3,
            "end": 5,
            "polarity": "dislikes",
            "extractor": "PreferenceExtractor",
        }.items()
    )
    assert 0 < entity["confidence_entity"] <= 1


def test_places_count_from_the_beginning_of_the_text_white_space_included(
    bot: RunningBot, actions: StandInActions
) -> None:
    text = "  \n dark roast please "
    bot.turn(text=text)
    [entity] = actions.understood["entities"]
    assert text[entity["start"] : entity["end"]] == "dark roast"


@pytest.mark.parametrize("verb", [tap.removeprefix("tap_") for tap in TAPS])
def test_a_tapped_button_reaches_its_action(bot: RunningBot, actions: StandInActions, verb: str) -> None:
    assert bot.turn(payload=f"{verb}:1:x").status_code == 200
    assert actions.last["next_action"] == f"action_tap_{verb}"


@pytest.mark.parametrize(
    "text",
    [
        "/tap_confirm",
        "/intent{...}",
        ' /tap_forgetyes{"a": "b"}',
        "\u3000/restart",
        "/session_start",
        "//tap_confirm",
        "/",
        "/greet@0.9",
    ],
)
def test_a_typed_slash_is_no_command(bot: RunningBot, actions: StandInActions, text: str) -> None:
    before = len(actions.requests)
    assert bot.turn(text=text).status_code == 200
    assert len(actions.requests) == before + 1
    assert not actions.last["next_action"].startswith("action_tap")
    assert actions.understood["text"].lstrip().startswith("／")


@pytest.mark.parametrize("secret", [None, "", "wrong", "a secret for test", "密"])
def test_a_wrong_secret_is_refused(bot: RunningBot, actions: StandInActions, secret: str | None) -> None:
    before = len(actions.requests)
    answer = bot.send(body(), secret=secret)
    assert answer.status_code == 401
    assert len(actions.requests) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'"hi"',
        b"[]",
        b"null",
        b'{"customer": "c1", "message": 1, "text": "\xff\xfe"}',
        "{}".encode("utf-16"),
        b"[" * 100_000,
        body(customer=""),
        body(customer=None),
        body(customer="a b"),
        body(customer="c" * 65),
        body(message="1"),
        body(message=True),
        body(message=-1),
        body(message=1.5),
        body(text=None),
        body(text=["hi"]),
        body(payload="help"),
        b'{"customer": "c1", "message": 1}',
    ],
)
def test_a_body_that_is_no_turn_is_refused(bot: RunningBot, content: bytes) -> None:
    answer = bot.send(content)
    assert answer.status_code == 400
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "payload",
    ["", "nope", "greet", "tap_help", "Help", "help me", "幫", "answer:" + "x" * 64, "/help", None, 3],
)
def test_an_unknown_payload_is_refused(bot: RunningBot, payload: object) -> None:
    assert bot.turn(payload=payload).status_code == 400


def test_a_body_of_two_megabytes_is_too_large(bot: RunningBot) -> None:
    assert bot.turn(text="長" * 700_000).status_code == 413


def test_a_hundred_thousand_characters_are_read_as_a_thousand(
    bot: RunningBot, actions: StandInActions
) -> None:
    assert bot.turn(text="我想喝咖啡 " * 20_000).status_code == 200
    assert len(actions.understood["text"]) <= 1000


@pytest.mark.parametrize("text", ["😀", "👩‍🍳🎉", "", "   ", "\u3000", "\ud83d", "\x00", "🇹🇼"])
def test_a_message_without_words_is_answered_as_not_understood(
    bot: RunningBot, actions: StandInActions, text: str
) -> None:
    assert bot.turn(text=text).status_code == 200
    assert actions.last["next_action"] == "action_nlu_fallback"


def test_an_action_that_fails_is_an_error_and_the_next_turn_works(
    bot: RunningBot, actions: StandInActions
) -> None:
    actions.status = 500
    assert bot.turn(text="你好").status_code == 503
    actions.status = 200
    assert bot.turn(text="你好").status_code == 200


def test_an_action_that_answers_another_message_is_an_error(bot: RunningBot, actions: StandInActions) -> None:
    actions.marker = 99
    assert bot.turn(message=98, text="你好").status_code == 503


def test_rasa_remembers_nothing_between_turns(bot: RunningBot, actions: StandInActions) -> None:
    sizes = []
    for message in range(30):
        bot.turn(message=message, text="我不喝牛奶")
        sizes.append(len(json.dumps(actions.last)))
    assert max(sizes) - min(sizes) < 100
    assert max(sizes) < 20_000


def test_customers_at_once_each_get_their_own_answer(bot: RunningBot, actions: StandInActions) -> None:
    with ThreadPoolExecutor(8) as pool:
        turns = [pool.submit(bot.turn, number, f"c{number}", text="推薦一下") for number in range(40)]
    assert [turn.result().json() for turn in turns] == [{"message": number} for number in range(40)]


def test_a_turn_is_quick(bot: RunningBot, actions: StandInActions) -> None:
    took = []
    for number in range(60):
        began = time.perf_counter()
        bot.turn(number, text=("你好", "我不喝牛奶，想要深焙", "recommend me something nutty")[number % 3])
        took.append((time.perf_counter() - began) * 1000)
    print(f"\nbot: a turn takes {median(took):.1f} ms, p95 {quantiles(took, n=20)[-1]:.1f} ms")
    assert median(took) < 1000


def test_while_the_actions_are_down_turns_fail_and_later_work_again(model: Path, tmp_path: Path) -> None:
    port = own_port()
    bot = RunningBot(tmp_path, model, port)
    try:
        bot.start()
        assert bot.ready().status_code == 503
        assert bot.turn(text=PRIVATE).status_code == 503
        with stand_in_actions(port):
            assert bot.ready().status_code == 200
            assert bot.turn(text=PRIVATE).status_code == 200
            bot.kill()
            bot.start()
            assert bot.turn(text="繼續").status_code == 200
            assert bot.stop() == 0
        assert PRIVATE not in bot.log.read_text(encoding="utf-8")
    finally:
        bot.close()
