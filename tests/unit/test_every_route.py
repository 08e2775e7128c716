"""Every route, in every role and in none: schemathesis and hostile values find no defect and no leak."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from channels.web import make_app
from one_to_one.roles import Role
from settings import ROOT
from staff import assets, events
from staff.seeking import FLAGS
from staff.who import COOKIE, PLACE, new_token
from tests.unit.colleagues import invite
from tests.unit.furnishing import Furnished, furnish
from tests.unit.shopfronts import Front
from tests.unit.ways import Way, ways, whole_schema

SECRET = "Rosalinde <i>0912345678</i>"
EXAMPLES = {Role.OWNER: 5, Role.AGENT: 2, Role.REVIEWER: 2, None: 2}
"""Cases of each route that schemathesis makes, by role; None: nobody has entered."""

DEFECTS = re.compile(r"Traceback|sqlalchemy|sqlite3|jinja2|litestar|\.py\b", re.IGNORECASE)
"""What an answer never holds."""

HOSTILE = (
    *(
        "",
        "\0",
        "%",
        "\ud800",
        "\r\nSet-Cookie: a=b",
        "../../etc/passwd",
        "' OR 1=1 --",
        "{{ 7 * 7 }}",
        "\u202e",
    ),
    *(
        "²",
        "1e400",
        "-1",
        "9" * 30,
        str(2**63 - 1),
        "1",
        "9999-12-31",
        "http://[",
        "//evil.example",
        "w" * 5000,
    ),
)


class Tried:
    """The application and those who try it, in one event loop of their own."""

    def __init__(self, home: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.front = Front(home, messages_per_minute=10**6, sessions_per_minute=10**6)
        self.app: Litestar = make_app(self.front.shopfront)
        self.customer: Furnished = self.does(furnish(self.front, SECRET, "Rosalinde"))
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)  # type: ignore[arg-type]
        self._browser = httpx.AsyncClient(transport=transport, base_url="http://shop.test")
        self._browser.headers["Sec-Fetch-Site"] = "same-origin"
        self._tokens = {role: new_token() for role in Role}
        for role in Role:
            self.does(self._enter(role))
        self.invitation: str = self.does(invite(self.front))
        self._form_cookie, self._form_token = "", ""
        login = self.asks(None, "GET", f"{PLACE}/login")
        found = re.search(r'name="_csrf_token" value="([^"]+)"', login.text)
        assert found is not None
        self._form_cookie = f"dripwise_form={login.cookies['dripwise_form']}"
        self._form_token = found[1]

    def does(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def asks(
        self,
        role: Role | None,
        method: str,
        path: str,
        headers: Mapping[bytes, bytes] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """What is answered to somebody in this role, whose forms come from a page of ours."""
        self._browser.cookies.clear()
        cookies = [self._form_cookie, *([f"{COOKIE}={self._tokens[role]}"] if role else [])]
        ours = {b"Cookie": "; ".join(cookies).encode(), b"X-CSRFToken": self._form_token.encode()}
        sent = [*(headers or {}).items(), *ours.items()]
        answer: httpx.Response = self.does(self._browser.request(method, path, headers=sent, **more))
        if role and answer.request.url.path == f"{PLACE}/logout":
            self.does(self._enter(role))
        return answer

    async def _enter(self, role: Role) -> None:
        async with self.front.store.transaction() as books:
            colleague = await books.staff.add(f"{role}", self.front.clock(), role)
            await books.staff.leave(self._tokens[role])
            await books.staff.entered(colleague, 1, self._tokens[role], self.front.clock())

    def close(self) -> None:
        self.does(self._browser.aclose())
        self.does(self.front.store.close())
        self.loop.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    """A shop with one customer of whom everything is known."""
    patch = pytest.MonkeyPatch()
    patch.setattr(events, "LONGEST_SECONDS", 0.0)  # the stream ends as soon as it has begun
    tried = Tried(tmp_path_factory.mktemp("home"))
    yield tried
    tried.close()
    patch.undo()


def judge(answer: httpx.Response, role: Role | None, about: object) -> None:
    """Neither a defect nor a leak."""
    told = answer.text if answer.headers.get("Content-Type", "").startswith("text/html") else ""
    assert answer.status_code < 500, (about, role, answer.text[:300])
    assert DEFECTS.search(told) is None or answer.request.url.path.startswith(f"{PLACE}/files"), (about, role)
    assert "Set-Cookie: a" not in str(answer.headers.get("Location")), about
    assert "<i>0912" not in told, (about, "as HTML")
    if role is None:
        assert "Rosalinde" not in answer.text, (about, "to nobody")
    if answer.is_redirect:
        place, door = answer.headers["Location"], f"{PLACE}/login"
        assert re.match(rf"{PLACE}(/|\?|$)", place), (about, place)
        assert role is None or place != door or answer.request.url.path == f"{PLACE}/logout", about
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"], about


@pytest.mark.parametrize("role", [*reversed(Role), None], ids=lambda role: str(role or "nobody"))
def test_schemathesis_finds_no_defect_on_any_route(shop: Tried, role: Role | None) -> None:
    schema = schemathesis.openapi.from_dict(whole_schema(shop.app))
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert {(one.method.upper(), one.path) for one in operations} >= {
        (way.method, re.sub(r":\w+}", "}", way.path).rstrip("/")) for way in ways(shop.app)
    }
    for operation in operations:
        is_form = any("form" in body.media_type for body in operation.body)  # any text is a right one there
        modes = list(GenerationMode) if operation.body and not is_form else [GenerationMode.POSITIVE]
        for mode in modes:
            tried(shop, role, operation, mode)


def tried(shop: Tried, role: Role | None, operation: Any, mode: GenerationMode) -> None:
    """Cases that schemathesis makes of one route, half of them about what there is."""

    @settings(
        max_examples=EXAMPLES[role],
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def holds(case: Any, real: bool) -> None:
        if real:
            case.path_parameters = known(shop, operation.path, case.path_parameters)
        sent = case.as_transport_kwargs(base_url="http://shop.test")
        del sent["cookies"]
        headers = {name.encode(): str(value).encode() for name, value in sent.pop("headers").items()}
        method, url = sent.pop("method"), sent.pop("url")
        judge(shop.asks(role, method, url, headers, **sent), role, operation.label)

    holds()


def known(shop: Tried, path: str, names: Iterable[str]) -> dict[str, str]:
    """What there is of these names."""
    there = {"customer": shop.customer.id, "customer_id": shop.customer.id}
    if path.startswith(f"{PLACE}/welcome"):
        there["token"] = shop.invitation
    return {name: there.get(name, "1") for name in names}


def known_path(shop: Tried, way: Way) -> str:
    """The address of what there is."""
    return re.sub(r"{(\w+):\w+}", lambda found: known(shop, way.path, [found[1]])[found[1]], way.path)


def asked_of_pages() -> list[str]:
    """The names that pages ask with: of fields, in links, and in the search."""
    drawn = "".join(path.read_text(encoding="utf-8") for path in sorted(assets.PAGE.glob("*.html")))
    named = re.findall(r'name="(\w+)"|[?&;](\w+)=', drawn)
    return sorted({name for pair in named for name in pair if name} | set(FLAGS) | {"before", "after", "m"})


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:20])
def test_hostile_values_in_addresses_fields_and_headers_find_no_defect(shop: Tried, value: str) -> None:
    typed = value.encode("utf-8", "surrogatepass")
    written = quote(typed, safe="")
    fields = "&".join(f"{name}={written}" for name in asked_of_pages())
    sent = typed.replace(b"\0", b"").replace(b"\r\n", b"")[:2000]
    headers = (b"Referer", b"Last-Event-ID", b"Accept-Language", b"HX-Request", b"Origin")
    strange = dict.fromkeys(headers, sent)
    for way in ways(shop.app):
        nothing_such = re.sub(r"{\w+:\w+}", written or "x", way.path)
        for path, more in ((known_path(shop, way), {}), (nothing_such, strange)):
            if way.method == "GET":
                answer = shop.asks(Role.OWNER, "GET", f"{path}?{fields}"[:60_000], more)
            else:
                form = {b"Content-Type": b"application/x-www-form-urlencoded", **more}
                answer = shop.asks(Role.OWNER, way.method, path, form, content=fields)
            judge(answer, Role.OWNER, (way, ascii(value)))


def test_nothing_is_written_down_of_a_form_with_a_nul(shop: Tried) -> None:
    """PostgreSQL has no place for it in a text."""
    form = {b"Content-Type": b"application/x-www-form-urlencoded"}
    for way in ways(shop.app):
        if way.method != "GET":
            answer = shop.asks(Role.OWNER, way.method, known_path(shop, way), form, content="words=a%00b")
            assert answer.status_code == 400, way


BODIES = {
    "application/json": (b"", b"{}", b"[", b'{"words": {"a": 1}}', b"\xff\xfe"),
    "application/x-www-form-urlencoded": (
        b"",
        b"words",
        b"words=%ff%fe",
        b"words=\xff",
        b"words=a&words=b&seen=x",
    ),
    "multipart/form-data; boundary=x": (
        b"",
        b'--x\r\nContent-Disposition: form-data; name="words"; filename="a"\r\n\r\n\0\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\na\0b\r\n--x--\r\n',
    ),
    "text/plain; charset=nonsense": (b"words",),
    "nothing": (b"words",),
}


@pytest.mark.parametrize("kind", BODIES)
def test_bodies_that_are_no_forms_find_no_defect(shop: Tried, kind: str) -> None:
    for way, body in product(ways(shop.app), BODIES[kind]):
        if way.method != "GET":
            headers = {b"Content-Type": kind.encode()}
            answer = shop.asks(Role.OWNER, way.method, known_path(shop, way), headers, content=body)
            judge(answer, Role.OWNER, (way, kind, body))


def test_the_one_place_where_answers_may_name_files_is_the_log(shop: Tried) -> None:
    answer = shop.asks(Role.OWNER, "GET", f"{PLACE}/nothing/of/the/kind")
    assert answer.status_code == 404
    assert str(ROOT) not in answer.text
