"""The chat API, over a real SQLite store and a stub bot."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from channels.wire import MOST_CHARACTERS
from crm_store.models import MessageRow
from one_to_one.language import Language
from one_to_one.replies import Button, Reply
from tests.unit.serving import asked
from tests.unit.shopfronts import TEXTS, Front

type Client = httpx.AsyncClient


def script(message: MessageRow) -> list[Reply]:
    """Offers a choice when asked for one, and a picture; says everything else back."""
    if message.text == "buttons":
        return [Reply("Which?", (Button("Dark", "answer:crust:firm"), Button("Skip", "skip:crust")))]
    if message.text == "picture":
        return [Reply("Look", image="images/one.svg")]
    return [Reply(f"you said {message.payload or message.text}")]


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    made = Front(tmp_path, script)
    yield made
    await made.store.close()


@pytest.fixture
async def client(front: Front) -> AsyncIterator[Client]:
    async with asked(front.shopfront) as running:
        yield running


async def come_in(client: Client, **body: str) -> dict[str, str]:
    response = await client.post("/api/chat/sessions", json=body)
    assert response.status_code == 201, response.text
    return {"Authorization": f"Bearer {response.json()['token']}"}


async def say(client: Client, who: dict[str, str], **body: Any) -> httpx.Response:
    return await client.post("/api/chat/messages", json=body, headers=who)


async def history(client: Client, who: dict[str, str], after: str = "0") -> list[dict[str, Any]]:
    response = await client.get("/api/chat/messages", params={"after": after}, headers=who)
    assert response.status_code == 200, response.text
    messages: list[dict[str, Any]] = response.json()["messages"]
    return messages


async def test_health_is_ready_when_the_bot_is(client: Client, front: Front) -> None:
    response = await client.get("/health")
    assert (response.status_code, response.json()) == (200, {"ready": True})
    front.bot.up = False
    response = await client.get("/health")
    assert (response.status_code, response.json()["ready"]) == (503, False)


async def test_a_session_is_a_token_and_a_customer(client: Client) -> None:
    response = await client.post("/api/chat/sessions", json={})
    assert response.status_code == 201
    assert set(response.json()) == {"token", "customer"}
    assert len(response.json()["token"]) >= 43


async def test_a_session_needs_no_body(client: Client) -> None:
    assert (await client.post("/api/chat/sessions")).status_code == 201


async def test_only_a_hash_of_the_token_is_kept(client: Client, front: Front) -> None:
    token = (await client.post("/api/chat/sessions", json={})).json()["token"]
    await front.store.close()
    assert token.encode() not in (front.settings.home / "dripwise.db").read_bytes()


@pytest.mark.parametrize(
    ("body", "header", "language"),
    [
        ({"language": "en"}, "zh-TW", "en"),
        ({"language": "zh-Hans"}, "", "zh-Hans"),
        ({}, "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ({}, "zh-TW,zh;q=0.9", "zh-Hant"),
        ({}, "en-GB,en;q=0.9", "en"),
        ({}, "fr-FR,en;q=0.3", "en"),
        ({}, "fr", "zh-Hant"),
        ({}, "", "zh-Hant"),
        ({}, ";;q=x,,en;q=nonsense", "zh-Hant"),
    ],
)
async def test_the_language_comes_from_the_body_or_the_browser(
    client: Client, front: Front, body: dict[str, str], header: str, language: str
) -> None:
    response = await client.post("/api/chat/sessions", json=body, headers={"Accept-Language": header})
    async with front.store.reading() as books:
        assert (await books.customers.get(response.json()["customer"])).language == language


async def test_coming_in_with_a_token_starts_a_new_contact_of_the_same_customer(
    client: Client, front: Front
) -> None:
    first = (await client.post("/api/chat/sessions", json={})).json()
    async with front.store.transaction() as books:
        await books.contacts.current(first["customer"], "web", front.clock(), timedelta(minutes=30))
    again = await client.post("/api/chat/sessions", headers={"Authorization": f"Bearer {first['token']}"})
    assert (again.status_code, again.json()["customer"]) == (201, first["customer"])
    async with front.store.reading() as books:
        latest = await books.contacts.latest(first["customer"])
        assert latest is not None
        assert latest.ended


async def test_a_message_is_replied_to(client: Client) -> None:
    who = await come_in(client)
    response = await say(client, who, text="hello")
    assert response.status_code == 200
    [reply] = response.json()["replies"]
    assert {name: reply[name] for name in ("text", "buttons", "image")} == {
        "text": "you said hello",
        "buttons": [],
        "image": None,
    }
    assert isinstance(reply["id"], str)


async def test_the_same_id_gives_the_same_replies_and_is_processed_once(client: Client, front: Front) -> None:
    who = await come_in(client)
    answers = [(await say(client, who, id="m1", text="hello")).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert len(front.bot.answered) == 1


async def test_two_customers_may_use_the_same_ids(client: Client) -> None:
    one, two = await come_in(client), await come_in(client)
    await say(client, one, id="m1", text="mine")
    assert (await say(client, two, id="m1", text="yours")).json()["replies"][0]["text"] == "you said yours"


async def test_a_button_that_was_offered_can_be_tapped_and_reads_as_its_title(client: Client) -> None:
    who = await come_in(client)
    await say(client, who, text="buttons")
    response = await say(client, who, payload="answer:crust:firm")
    assert response.json()["replies"][0]["text"] == "you said answer:crust:firm"
    assert (await history(client, who))[-2]["text"] == "Dark"


async def test_a_payload_never_offered_is_refused(client: Client, front: Front) -> None:
    who = await come_in(client)
    await say(client, who, text="buttons")
    response = await say(client, who, payload="answer:crust:fir")
    assert (response.status_code, "detail" in response.json()) == (400, True)
    assert len(front.bot.answered) == 1


async def test_what_another_customer_was_offered_is_refused(client: Client) -> None:
    await say(client, await come_in(client), text="buttons")
    assert (await say(client, await come_in(client), payload="skip:crust")).status_code == 400


@pytest.mark.parametrize(
    "payload", ["start", "help", "know", "propose", "human", *(f"language:{tag}" for tag in Language)]
)
async def test_the_widgets_own_menu_needs_no_offer(client: Client, payload: str) -> None:
    response = await say(client, await come_in(client), payload=payload)
    assert response.json()["replies"][0]["text"] == f"you said {payload}"


async def test_the_history_has_both_sides_oldest_first(client: Client) -> None:
    who = await come_in(client)
    await say(client, who, payload="start")
    await say(client, who, text="hello")
    items = await history(client, who)
    assert [(item["side"], item["sender"], item["text"]) for item in items] == [
        ("shop", "bot", "you said start"),
        ("customer", "customer", "hello"),
        ("shop", "bot", "you said hello"),
    ]
    assert set(items[0]) == {"id", "side", "sender", "name", "at", "text", "buttons", "image"}
    assert [item["id"] for item in await history(client, who, items[1]["id"])] == [items[2]["id"]]


async def test_a_picture_is_a_path_of_ours(client: Client) -> None:
    response = await say(client, await come_in(client), text="picture")
    assert response.json()["replies"][0]["image"] == "/shop/images/one.svg"


BAD_BODIES = [
    (b'{"text": ""}', 400),
    (b'{"text": "  \\n "}', 400),
    (b'{"text": "\\u0000"}', 400),
    (b'{"text": 7}', 400),
    (b'{"text": null}', 400),
    (b'{"text": ["hello"]}', 400),
    (b"{}", 400),
    (b"[]", 400),
    (b"null", 400),
    (b"", 400),
    (b"{", 400),
    (b'{"text": "\xff\xfe"}', 400),
    (b'{"text": "\\ud800"}', 400),
    (b'{"text": "hi", "payload": "help"}', 400),
    (b'{"payload": ""}', 400),
    (b'{"payload": "nonsense"}', 400),
    (b'{"payload": 1}', 400),
    (b'{"payload": "' + b"x" * 65 + b'"}', 400),
    (b'{"id": 1, "text": "hi"}', 400),
    (b'{"id": "", "text": "hi"}', 400),
    (b'{"id": "' + b"x" * 101 + b'", "text": "hi"}', 400),
    (b'{"text": "' + b"x" * (MOST_CHARACTERS + 1) + b'"}', 413),
    (b'{"text": "' + b"x" * 100_000 + b'"}', 413),
    (b'{"text": "' + b" " * (MOST_CHARACTERS + 1) + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), BAD_BODIES)
async def test_bad_input_is_refused_with_a_reason_and_changes_nothing(
    client: Client, front: Front, body: bytes, status: int
) -> None:
    who = await come_in(client)
    response = await client.post(
        "/api/chat/messages", content=body, headers={**who, "Content-Type": "application/json"}
    )
    assert response.status_code == status, response.text
    assert list(response.json()) == ["detail"]
    assert response.json()["detail"]
    assert await history(client, who) == []
    assert (await say(client, who, text="still there?")).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "x" * MOST_CHARACTERS,
        "😀" * MOST_CHARACTERS,
        "🙂",
        '/tap_order{"a":1}',
        "／start",
        "a\u202eb",
        "<b>hi</b>",
    ],
)
async def test_odd_texts_are_kept_as_they_were_typed(client: Client, text: str) -> None:
    who = await come_in(client)
    response = await client.post("/api/chat/messages", content=json.dumps({"text": text}), headers=who)
    assert response.status_code == 200
    assert (await history(client, who))[0]["text"] == text


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer \xe9"}],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "messages"), ("GET", "messages"), ("GET", "events")])
async def test_without_a_right_token_nothing_is_told(
    client: Client, headers: dict[str, str], method: str, path: str
) -> None:
    content = b'{"text": "hi"}' if method == "POST" else None
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    response = await client.request(method, f"/api/chat/{path}", headers=sent, content=content)
    assert (response.status_code, list(response.json())) == (401, ["detail"])
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("query", ["befor=1", "after=1&after=2", "=1", "%15=", "after=1&x"])
async def test_a_query_nobody_knows_is_refused_by_name(client: Client, query: str) -> None:
    who = await come_in(client)
    response = await client.get(f"/api/chat/messages?{query}", headers=who)
    assert response.status_code == 400
    assert "after its question mark" in response.json()["detail"]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", str(2**63), ""])
async def test_a_history_after_nonsense_is_refused(client: Client, after: str) -> None:
    who = await come_in(client)
    response = await client.get("/api/chat/messages", params={"after": after}, headers=who)
    assert (response.status_code, list(response.json())) == (400, ["detail"])


async def test_a_wrong_language_is_refused(client: Client) -> None:
    response = await client.post("/api/chat/sessions", json={"language": "tlh"})
    assert (response.status_code, list(response.json())) == (400, ["detail"])


async def test_too_fast_is_told_when_to_come_back(tmp_path: Path) -> None:
    front = Front(tmp_path, messages_per_minute=3)
    async with asked(front.shopfront) as client:
        who = await come_in(client)
        statuses = [(await say(client, who, text="hi")).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = await say(client, who, text="hi")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        front.clock.turn(seconds=61)
        assert (await say(client, who, text="hi")).status_code == 200
    await front.store.close()


async def test_one_address_may_not_open_sessions_without_end(tmp_path: Path) -> None:
    front = Front(tmp_path, sessions_per_minute=2)
    async with asked(front.shopfront) as client:
        statuses = [(await client.post("/api/chat/sessions", json={})).status_code for _ in range(3)]
    await front.store.close()
    assert statuses == [201, 201, 429]


async def test_while_the_bot_is_down_the_customer_is_told_and_answered_later(
    client: Client, front: Front
) -> None:
    who = await come_in(client, language="en")
    front.bot.up = False
    response = await say(client, who, id="m1", text="hello")
    assert [one["text"] for one in response.json()["replies"]] == [
        TEXTS.say(Language.ENGLISH, "notices.bot_down")
    ]
    front.bot.up = True
    front.clock.turn(seconds=10)
    await front.shopfront.turns.retry_due()
    again = await say(client, who, id="m1", text="hello")
    assert [one["text"] for one in again.json()["replies"]] == ["you said hello"]


async def test_a_store_that_is_gone_is_said_so(client: Client, front: Front) -> None:
    who = await come_in(client)
    await front.store.close()
    for path in front.settings.home.glob("dripwise.db*"):
        path.unlink()
    response = await say(client, who, text="hello")
    assert (response.status_code, list(response.json())) == (503, ["detail"])
    assert (await client.get("/health")).status_code == 503


async def test_every_answer_has_the_headers_that_keep_browsers_careful(client: Client) -> None:
    for path in ("/health", "/api/chat/messages", "/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "set-cookie" not in headers
        assert "access-control-allow-origin" not in headers


async def test_unknown_pages_have_a_detail(client: Client) -> None:
    response = await client.get("/nowhere")
    assert (response.status_code, list(response.json())) == (404, ["detail"])
