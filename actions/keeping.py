"""Keeping what is being made: its picture and link, laying it by for later, and finding it again."""

from __future__ import annotations

from collections.abc import Iterator

from actions.turn import Turn
from crm_store.configurations import basket_of
from crm_store.models import ConfigurationRow, OrderRow
from one_to_one.made_pictures import SHARED, name_of
from one_to_one.replies import Button
from one_to_one.sealing import opened, seal
from one_to_one.shop import Product


async def image(turn: Turn, order: OrderRow, product: Product | None) -> str | None:
    """The picture of a draft as it was chosen, else that of the product."""
    step = await turn.books.configurations.of_order(order.id)
    if turn.pack.drawing is not None and step is not None and product is not None:
        return name_of(token_of(turn, step), turn.language)
    return product.image or None if product else None


def token_of(turn: Turn, step: ConfigurationRow) -> str:
    """What stands for a configuration in links and pictures."""
    return seal(turn.key, SHARED, step.id)


async def ways(turn: Turn, order: OrderRow) -> list[Button]:
    """Back, if there is a step before; lay by; share."""
    step = await turn.books.configurations.of_order(order.id)
    if step is None:
        return []
    back = turn.buttons(f"back:{order.id}") if step.before_id is not None else []
    return [*back, *turn.buttons(f"save:{order.id}", f"share:{order.id}")]


def address_of(turn: Turn, step: ConfigurationRow) -> str:
    """Where a configuration can be seen by anybody who has the address."""
    return f"{turn.origin}/made/{token_of(turn, step)}"


async def share(turn: Turn, order: OrderRow) -> None:
    """A link that shows it to others."""
    step = await turn.books.configurations.of_order(order.id)
    if step is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    url = address_of(turn, step)
    turn.say("configuring.shared", [turn.button("confirm", f"confirm:{order.id}")], url=url)
    turn.may_ask = False


async def save(turn: Turn, order: OrderRow) -> None:
    """Lay it by for later."""
    step = await turn.books.configurations.of_order(order.id)
    if step is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    await turn.books.configurations.save(step, turn.now)
    turn.say("configuring.saved", [turn.button("confirm", f"confirm:{order.id}"), *turn.buttons("saved")])
    turn.may_ask = False


SHOWN = 5
"""No more than so many things laid by are listed."""


def asks_to_keep(turn: Turn) -> bool:
    """Whether they want to lay what is being made by, or to show it to somebody."""
    return turn.mentions("configuring.share_words") or turn.mentions("configuring.save_words")


async def keep(turn: Turn, order: OrderRow) -> None:
    """Share the draft, or lay it by: what they asked for."""
    await (share if turn.mentions("configuring.share_words") else save)(turn, order)


def names_saved(turn: Turn) -> bool:
    """Whether the message is about what was laid by."""
    return turn.mentions("configuring.saved_words")


async def take_saved(turn: Turn) -> bool:
    """Show what was laid by, when it is asked for; False: it isn't, or nothing is and a taste was told."""
    if turn.message.payload is not None or not names_saved(turn):
        return False
    if turn.heard and not await turn.books.configurations.saved(turn.customer.id, SHOWN):
        return False
    turn.action = "action_tap_saved"
    await saved(turn)
    return True


async def saved(turn: Turn) -> None:
    """What was laid by, each ready to go on with."""
    turn.may_ask = False
    rows = await turn.books.configurations.saved(turn.customer.id, SHOWN)
    there = [(row, turn.pack.products[row.product]) for row in rows if row.product in turn.pack.products]
    if not there:
        turn.say("configuring.none_saved", turn.buttons("propose"))
        return
    lines = [turn.text("configuring.list")]
    for number, (row, _) in enumerate(there, start=1):
        title = turn.words.listed(_titles(turn, row))
        lines.append(turn.text("configuring.line", number=number, title=title, when=turn.words.day(row.at)))
    buttons = [
        turn.button("choose", f"made:{token_of(turn, row)}", number=number, name=_names(turn, row))
        for number, (row, _) in enumerate(there, start=1)
    ]
    turn.add("\n".join(lines), buttons)


def _names(turn: Turn, row: ConfigurationRow) -> str:
    """Which products were laid by together."""
    things = basket_of(row).things
    made = [turn.pack.products[one.product] for one in things if one.product in turn.pack.products]
    return turn.words.listed(product.name[turn.language] for product in made)


def _titles(turn: Turn, row: ConfigurationRow) -> Iterator[str]:
    """What everything is called that was laid by together."""
    for thing in basket_of(row).things:
        product = turn.pack.products.get(thing.product)
        yield thing.product if product is None else turn.words.title(product, thing.options)


async def shown(turn: Turn, token: str) -> ConfigurationRow | None:
    """The configuration a token stands for, whoever it was made for; None: forged, or gone."""
    number = opened(turn.key, SHARED, token)
    return None if number is None else await turn.books.configurations.shared(number)
