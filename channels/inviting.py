"""Inviting a customer of the web chat to continue on Telegram."""

from __future__ import annotations

from channels.links import make_token, telegram_link
from channels.shopfront import Shopfront
from crm_store.keys import read_or_make_key


async def invite(shopfront: Shopfront, customer: str, username: str) -> str:
    """The address that opens our Telegram bot and says who is coming; good once, for half an hour."""
    now = shopfront.clock()
    token, expires_at = make_token(read_or_make_key(shopfront.settings.keys, "signing"), now)
    async with shopfront.store.transaction() as books:
        await books.customers.make_link(customer, token, now, expires_at)
    return telegram_link(username, token)
