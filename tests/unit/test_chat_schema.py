"""The schema the chat API serves is true: schemathesis tries what it promises and what it forbids."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.unit.serving import served
from tests.unit.shopfronts import Front

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
"""All but positive_data_acceptance: a schema can't say that a payload must have been offered before."""

TRIED = ["/health", "/api/chat/sessions", "/api/chat/messages", "/api/chat/links"]
"""All but the event stream, which has no end."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A shopfront served from a thread of its own."""
    home = tmp_path_factory.mktemp("home")
    addresses: Queue[str] = Queue()
    done = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(home, addresses, done)))
    thread.start()
    yield addresses.get(timeout=240)
    done.set()
    thread.join()


async def _serve(home: Path, addresses: Queue[str], done: threading.Event) -> None:
    front = Front(home, messages_per_minute=10**6, sessions_per_minute=10**6)
    async with served(front.shopfront) as address:
        addresses.put(address)
        await asyncio.to_thread(done.wait)
    await front.store.close()


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", TRIED)
def test_the_api_does_what_its_schema_says(url: str, path: str, mode: GenerationMode) -> None:
    token = httpx.post(f"{url}/api/chat/sessions", json={}, trust_env=False).json()["token"]
    schema = schemathesis.openapi.from_dict(proven(url))
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    tried = [one for one in found if one.path == path]
    assert tried
    for operation in tried:
        if mode is GenerationMode.POSITIVE or operation.body or operation.query:
            given(case=operation.as_strategy(generation_mode=mode))(trying(url, token))()


def proven(url: str) -> dict[str, Any]:
    """The schema for somebody whose token is always sent, so that leaving it out is not a case."""
    schema: dict[str, Any] = httpx.get(f"{url}/schema/openapi.json", trust_env=False).json()
    del schema["components"]["securitySchemes"]
    for path in schema["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
    return schema


def trying(url: str, token: str) -> Callable[[schemathesis.Case[Any]], None]:
    """A property: the answer to a case is one the schema knows."""

    @settings(
        max_examples=40,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def agrees(case: schemathesis.Case[Any]) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(base_url=url, checks=CHECKS, headers=headers)

    return agrees


def test_the_event_stream_and_every_refusal_are_in_the_schema(url: str) -> None:
    schema = httpx.get(f"{url}/schema/openapi.json", trust_env=False).json()
    events = schema["paths"]["/api/chat/events"]["get"]
    assert {"400", "401", "429"} <= set(events["responses"])
    said = schema["paths"]["/api/chat/messages"]["post"]
    assert {"200", "400", "401", "413", "429", "503"} <= set(said["responses"])
    assert said["security"] == [{"session": []}]
