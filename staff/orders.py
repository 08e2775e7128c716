"""The room of orders: all of them, and each with what is made, what is around it, and its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from crm_store.books import Books
from crm_store.models import OrderEventRow, OrderLineRow, OrderRow, OrderStepRow
from crm_store.order_book import WRITTEN, Entry, by_number
from crm_store.order_events import margin
from crm_store.order_log import LARGEST_NUMBER, SoughtOrders, counts, found, waiting_events
from one_to_one.checkout import Details, assumed, missing
from one_to_one.drawing import picture
from one_to_one.headed import grouped
from one_to_one.order_states import NEXT, OrderState
from one_to_one.pricing import codes_of, still_made
from one_to_one.roles import Role
from one_to_one.wording import PARTS
from staff.console import Console
from staff.masking import DOTS
from staff.pages import drawn, language, texts_of, told_beside
from staff.refusals import NotAllowed, Refused
from staff.seeking import LONGEST, number_of
from staff.voice import Voice
from staff.who import PLACE, Asked, looked, may

LIST = f"{PLACE}/orders"
ROWS = 50
"""Orders on one page of the list."""

LOOKED_THROUGH = 2000
"""Placed orders that are looked through for what they lack."""

MISSING = "missing"
"""What is chosen to see the orders that lack something."""

OPEN = (OrderState.PLACED, OrderState.IN_PRODUCTION, OrderState.SENT)
NOTE_CHARACTERS = 200
ADDRESS_KEPT = 3
PICTURE = "default-src 'none'; style-src 'unsafe-inline'"


class NoSuchOrder(Refused):
    """There is no such order, or nothing is left of it."""

    status = 404
    text = "refused.nothing"


class MovedSince(Refused):
    """The order stands elsewhere by now, and can't go there."""

    status = 409
    text = "orders.moved_since"


@dataclass(frozen=True, slots=True)
class Move:
    """Where an order shall stand, with a few words."""

    state: str = ""
    note: str = ""


MoveForm = Annotated[Move, Body(media_type=RequestEncodingType.URL_ENCODED)]


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """One row of the list."""

    row: OrderRow
    who: str  # what the customer is called; "": nobody knows
    things: str
    total: str
    lacks: Sequence[str]
    handing: str  # "waiting" or "failed": the shop's own system hasn't taken it; "": it has


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One product of an order."""

    row: OrderLineRow
    title: str
    heading: str  # the title; of many parts, which the table below lists, the product alone
    quantity: str
    price: str
    total: str
    cost: str  # of one; "": not for this colleague
    margin: str
    groups: Sequence[
        tuple[str, Sequence[tuple[str, str, str]]]
    ]  # heading or "": module, what is chosen, codes
    notes: Mapping[str, str]
    picture: str  # its address; "": there is none


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """One order, as this colleague may see it."""

    row: OrderRow
    who: str
    lines: Sequence[ShownLine]
    details: Sequence[tuple[str, str]]  # the key of its name, and what was chosen
    lacks: Sequence[str]
    total: str
    fees: str
    cost: str  # "": not for this colleague
    margin: str
    earlier: Sequence[tuple[OrderRow, str, str]]  # what it was: the row, its things, its total
    steps: Sequence[OrderStepRow]
    events: Sequence[OrderEventRow]
    next: Sequence[str]  # the states this colleague can bring it into


class Orders(Controller):
    """What was ordered."""

    path = "/orders"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False
    exception_handlers = {Refused: told_beside}  # noqa: RUF012 - declared by litestar as a class attribute

    @get("/")
    async def listed(self, console: Console, request: Asked) -> Response[str]:
        """The orders that fit what is looked for, the newest first."""
        typed = request.query_params
        given = {
            name: typed.get(name, "").strip()[:LONGEST].replace("\0", "")
            for name in ("q", "state", "customer")
        }
        given = {name: value for name, value in given.items() if value}
        before = number_of(typed.get("before", ""))
        voice, words = _voice(console, request), texts_of(console.texts, language(request))
        async with console.store.reading() as books:
            entries = await _entries(console, books, given, before, by_name=not voice.mask.on)
            shown = [await _listed(console, books, voice, entry) for entry in entries[:ROWS]]
            handing = await waiting_events(books.session, [one.row.id for one in shown])
            numbers = await counts(books.session, OPEN)
        if given.get("q"):
            async with console.store.transaction() as books:
                await books.audit.record(
                    request.user.name, "searched the orders", None, console.clock(), found=len(shown)
                )
        last = entries[ROWS - 1].order.id if len(entries) > ROWS else None
        return drawn(
            console,
            request,
            "orders.html",
            colleague=request.user,
            lines=[_with(one, handing.get(one.row.id, "")) for one in shown],
            given=given,
            counts={state.value: numbers[state] for state in OPEN if state in numbers},
            states=[(state, words[f"orders.state_{state}"]) for state in (*WRITTEN_IN_ORDER, MISSING)],
            more=None if last is None else f"{LIST}?{urlencode({**given, 'before': last})}",
            kinds=KINDS,
        )

    @get("/{number:int}")
    async def page(self, console: Console, request: Asked, number: int) -> Response[str]:
        """One order with all that is known of it. Raises NoSuchOrder."""
        async with console.store.reading() as books:
            row = await _order(books, number)
        await looked(console, request.user, row.customer_id, "an order")
        return await _drawn(console, request, number)

    @get("/{number:int}/picture")
    async def picture(self, console: Console, request: Asked, number: int, line: int = 0) -> Response[str]:
        """What was made up in a line of it, else in the first, drawn. Raises NoSuchOrder."""
        async with console.store.reading() as books:
            row = await _order(books, number)
            lines = await books.orders.lines(row)
        shown = next((one for one in lines if one.id == line), lines[0])
        product = console.pack.products.get(shown.product)
        options = still_made(console.pack, shown.options)
        svg = None if product is None else picture(console.pack, product, options, language(request))
        if svg is None:
            raise NoSuchOrder()
        headers = {"Content-Security-Policy": PICTURE, "Cache-Control": "no-store"}
        return Response(svg, media_type="image/svg+xml", headers=headers)

    @post("/{number:int}/move", guards=[may(Role.AGENT)])
    async def move(self, console: Console, request: Asked, number: int, data: MoveForm) -> Response[str]:
        """Bring it where it stands now; its customer is told as the pack says.

        Raises NoSuchOrder, NotAllowed, MovedSince.
        """
        name, now = request.user.name, console.clock()
        async with console.store.transaction() as books:
            row = await _order(books, number)
            if data.state not in NEXT.get(OrderState(row.state), ()):
                raise MovedSince()
            if data.state not in _next(row, Role(request.user.role)):
                raise NotAllowed()
            before, note = row.state, data.note.strip()[:NOTE_CHARACTERS] or None
            if not await books.orders.move(row, OrderState(data.state), now, name, note):
                raise MovedSince()
            await books.audit.record(
                name, "moved an order", row.customer_id, now, order=row.id, before=before, state=data.state
            )
        return await _drawn(console, request, number, toast="orders.moved")

    @post("/{number:int}/resend", guards=[may(Role.AGENT)])
    async def resend(self, console: Console, request: Asked, number: int) -> Response[str]:
        """Hand on once more what the shop's own system hasn't taken. Raises NoSuchOrder."""
        async with console.store.transaction() as books:
            row = await _order(books, number)
            again = await books.order_events.again(row.id, console.clock())
            await books.audit.record(
                request.user.name,
                "handed an order on again",
                row.customer_id,
                console.clock(),
                order=row.id,
                events=again,
            )
        return await _drawn(console, request, number, toast="orders.resent")


WRITTEN_IN_ORDER = [state for state in OrderState if state in WRITTEN]
KINDS = {"placed": "info", "in_production": "warn", "sent": "good", "done": "", "cancelled": "bad"}
"""How the tag of each state looks."""


def _next(row: OrderRow, role: Role) -> list[str]:
    """The states a colleague can bring an order into: what is being made, only the owner calls back."""
    if not role.covers(Role.AGENT):
        return []
    states = [state for state in OrderState if state in NEXT[OrderState(row.state)]]
    if row.state != OrderState.PLACED and not role.covers(Role.OWNER):
        states = [state for state in states if state is not OrderState.CANCELLED]
    return [state.value for state in states]


def _voice(console: Console, request: Asked, names: Sequence[str] = ()) -> Voice:
    return Voice.of(console, language(request), request.user.masked, names)


async def _order(books: Books, number: int) -> OrderRow:
    row = await by_number(books.session, number) if 0 < number < LARGEST_NUMBER else None
    if row is None:
        raise NoSuchOrder()
    return row


async def _entries(
    console: Console, books: Books, given: Mapping[str, str], before: int | None, *, by_name: bool
) -> list[Entry]:
    """One more than stands on a page, so that it shows whether there are more.

    `by_name`: also by what customers are called, which would tell a masked colleague whole names.
    """
    state = given.get("state", "")
    lacking = state == MISSING
    states = [OrderState.PLACED] if lacking else [state] if state in WRITTEN else WRITTEN
    names = sorted(console.pack.name_topics) if by_name else []
    sought = SoughtOrders(given.get("q", ""), states, given.get("customer", ""), names)
    entries = await found(books.session, sought, LOOKED_THROUGH if lacking else ROWS + 1, before)
    if lacking:
        entries = [entry for entry in entries if _lacks(console, entry.order)]
    return entries[: ROWS + 1]


def _lacks(console: Console, row: OrderRow) -> tuple[str, ...]:
    """What must still be known before it can be sent."""
    terms = console.pack.shop.checkout
    return missing(terms, assumed(terms, row.details or {})) if row.state == OrderState.PLACED else ()


async def _called(books: Books, voice: Voice, console: Console, customer: str) -> str:
    topics = console.pack.name_topics
    return voice.called([fact.value for fact in await books.facts.believed(customer) if fact.topic in topics])


async def _listed(console: Console, books: Books, voice: Voice, entry: Entry) -> ListedOrder:
    things = voice.wording.listed(
        f"{_title(console, voice, line)} × {line.quantity:f}" for line in entry.lines
    )
    return ListedOrder(
        entry.order,
        await _called(books, voice, console, entry.order.customer_id),
        things,
        voice.money(entry.order.total, entry.order.currency),
        _lacks(console, entry.order),
        "",
    )


def _with(one: ListedOrder, handing: str) -> ListedOrder:
    return ListedOrder(one.row, one.who, one.things, one.total, one.lacks, handing)


def _heading(console: Console, voice: Voice, line: OrderLineRow) -> str:
    product = console.pack.products.get(line.product)
    if product is None or len(line.options) <= PARTS:
        return _title(console, voice, line)
    return product.name[voice.wording.language]


def _title(console: Console, voice: Voice, line: OrderLineRow) -> str:
    """What was ordered, in the colleague's language; as it was called then, when it isn't made any more."""
    product = console.pack.products.get(line.product)
    if product is None or still_made(console.pack, line.options) != line.options:
        return line.title
    return voice.wording.title(product, line.options)


async def _drawn(console: Console, request: Asked, number: int, *, toast: str | None = None) -> Response[str]:
    words = texts_of(console.texts, language(request))
    async with console.store.reading() as books:
        row = await _order(books, number)
        voice = _voice(console, request, await books.logs.names(row.customer_id, console.pack.name_topics))
        order = await _shown(console, books, voice, row, request)
    return drawn(
        console,
        request,
        "order.html",
        colleague=request.user,
        toast=toast,
        order=order,
        voice=voice,
        kinds=KINDS,
        told=voice.wording.listed(
            words[f"orders.state_{state}"] for state in console.pack.shop.checkout.tell
        ),
    )


async def _shown(console: Console, books: Books, voice: Voice, row: OrderRow, request: Asked) -> ShownOrder:
    role = Role(request.user.role)
    lines = await books.orders.lines(row)
    owner = role.covers(Role.OWNER)

    def money(amount: Decimal) -> str:
        return voice.money(amount, row.currency)

    earlier = [
        (
            before,
            voice.wording.listed(
                f"{_title(console, voice, line)} × {line.quantity:f}"
                for line in await books.orders.lines(before)
            ),
            money(before.total),
        )
        for before in await books.orders.replaced(row)
    ]
    words = texts_of(console.texts, language(request))
    return ShownOrder(
        row=row,
        who=await _called(books, voice, console, row.customer_id),
        lines=[_line(console, voice, row, line, owner) for line in lines],
        details=_details(console, voice, assumed(console.pack.shop.checkout, row.details or {}), words),
        lacks=_lacks(console, row),
        total=money(row.total),
        fees=money(row.fees or Decimal(0)),
        cost=money(row.cost) if owner else "",
        margin=money(margin(row)) if owner else "",
        earlier=earlier,
        steps=await books.orders.steps(row),
        events=await books.order_events.of_order(row.id),
        next=_next(row, role),
    )


def _line(console: Console, voice: Voice, row: OrderRow, line: OrderLineRow, owner: bool) -> ShownLine:
    made = line.specification or {
        "modules": {name: list(codes_of(code)) for name, code in line.options.items()}
    }
    drawable = console.pack.drawing is not None and line.product in console.pack.products
    return ShownLine(
        row=line,
        title=_title(console, voice, line),
        heading=_heading(console, voice, line),
        quantity=f"{line.quantity:f}",
        price=voice.money(line.price, row.currency),
        total=voice.money(line.price * line.quantity, row.currency),
        cost=voice.money(line.cost, row.currency) if owner else "",
        margin=voice.money(line.price - line.cost, row.currency) if owner else "",
        groups=[
            (
                group.label,
                [
                    (
                        _module(console, voice, name),
                        _labels(console, voice, name, codes),
                        ", ".join(map(str, codes)),
                    )
                    for name in group.modules
                    for codes in [made["modules"][name]]
                ],
            )
            for group in grouped(console.pack, made["modules"], voice.wording.language)
        ],
        notes={
            name: voice.words(str(value))
            for name, value in made.get("notes", {}).items()
            if name != "packaging"
        },
        picture=f"{LIST}/{row.id}/picture?line={line.id}" if drawable else "",
    )


def _module(console: Console, voice: Voice, name: str) -> str:
    module = console.pack.modules.get(name)
    return name if module is None else module.label[voice.wording.language]


def _labels(console: Console, voice: Voice, name: str, codes: Sequence[str]) -> str:
    module = console.pack.modules.get(name)
    known = {} if module is None else module.options
    return voice.wording.listed(
        known[code].label[voice.wording.language] if code in known else str(code) for code in codes
    )


def _details(
    console: Console, voice: Voice, details: Details, words: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What is around the products, in words; an address and a tax id in part for who is masked."""
    terms, tongue = console.pack.shop.checkout, voice.wording.language
    ways: dict[str, Mapping[str, object]] = {
        "delivery": terms.delivery,
        "payment": terms.payment,
        "packaging": terms.packaging,
    }
    shown = []
    for name in (
        "delivery",
        "address",
        "payment",
        "packaging",
        "invoice",
        "tax_id",
        "label_message",
        "notes",
    ):
        value = details.get(name, "")
        chosen = ways.get(name, {}).get(value)
        if chosen is not None:
            value = chosen.label[tongue]  # type: ignore[attr-defined]
        elif name == "invoice":
            value = words.get(f"orders.invoice_{value}", value)
        elif name == "address" and voice.mask.on and value:
            value = f"{value[:ADDRESS_KEPT]}{DOTS}"
        elif name == "tax_id":
            value = voice.mask.number(value)
        else:
            value = voice.words(value)
        if value:
            shown.append((f"orders.{name}", value))
    return shown
