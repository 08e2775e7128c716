"""What the pages and the chat API are served from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from channels.bot import Bot
from channels.limits import Limit
from channels.pushes import Pushes
from channels.turns import Turns
from crm_store.store import Store
from one_to_one.texts import Texts
from settings import Settings

if TYPE_CHECKING:
    from one_to_one.shop import ShopPack
else:
    ShopPack = Any  # litestar would look into every class of a shop pack, and can't read all of them


@dataclass(frozen=True, slots=True)
class Shopfront:
    """Everything the customers' edge works with."""

    settings: Settings
    store: Store
    bot: Bot
    turns: Turns
    pushes: Pushes
    texts: Texts
    pack: ShopPack
    messages: Limit  # per customer
    sessions: Limit  # per address
    clock: Callable[[], datetime]


def open_shopfront(
    settings: Settings, store: Store, bot: Bot, pack: ShopPack, texts: Texts, clock: Callable[[], datetime]
) -> Shopfront:
    """A shopfront over a store and a bot."""
    turns = Turns(store, bot, texts, retry_seconds=settings.retry_seconds, clock=clock)
    return Shopfront(
        settings=settings,
        store=store,
        bot=bot,
        turns=turns,
        pushes=Pushes(store),
        texts=texts,
        pack=pack,
        messages=Limit(settings.messages_per_minute, clock),
        sessions=Limit(settings.sessions_per_minute, clock),
        clock=clock,
    )
