"""What the staff console is served from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_store.store import Store
from one_to_one.texts import Texts
from staff.glancing import Glance

if TYPE_CHECKING:
    from one_to_one.shop import ShopPack
else:
    ShopPack = Any  # litestar would look into every class of a shop pack, and can't read all of them


@dataclass(frozen=True, slots=True)
class Console:
    """Everything the console works with."""

    store: Store
    texts: Texts
    pack: ShopPack
    tried: Callable[[str], None]  # counts a try to enter from an address, and refuses when there are too many
    clock: Callable[[], datetime]
    glance: Glance
    secure: bool  # whether browsers reach us by https: cookies are kept off plain connections then
