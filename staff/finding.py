"""Finding what a page is about, or saying that there is no such thing."""

from __future__ import annotations

from crm_store.books import Books
from crm_store.models import CustomerRow
from one_to_one.errors import UnknownCustomer
from staff.refusals import NoSuchCustomer


async def customer_of(books: Books, customer: str) -> CustomerRow:
    """The customer with this id. Raises NoSuchCustomer."""
    try:
        return await books.customers.get(customer)
    except UnknownCustomer:
        raise NoSuchCustomer() from None
