"""The books of the shop: one repository per noun, over one transaction."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.audit import Audit
from crm_store.cards import Cards
from crm_store.companies import Companies
from crm_store.complaints import Complaints
from crm_store.configurations import Configurations
from crm_store.consents import Consents
from crm_store.contacts import Contacts
from crm_store.customer_list import CustomerList
from crm_store.customers import Customers
from crm_store.daily import Daily
from crm_store.doubts import FactReviews
from crm_store.facts import Facts
from crm_store.floor import Floor
from crm_store.logs import Logs
from crm_store.messages import Messages
from crm_store.order_events import OrderEvents
from crm_store.orders import Orders
from crm_store.owed import Owed
from crm_store.promises import Promises
from crm_store.proposals import Proposals
from crm_store.questions import Questions
from crm_store.refills import Refills
from crm_store.reviews import Reviews
from crm_store.staff import Staff
from crm_store.stock import Stock
from crm_store.their_tastes import TheirTastes
from crm_store.today import Today
from crm_store.unmet_wishes import UnmetWishes


class Books:
    """Everything that can be read or written inside one transaction. The store commits, not the books."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    @cached_property
    def customers(self) -> Customers:
        """Who the customers are."""
        return Customers(self.session)

    @cached_property
    def cards(self) -> Cards:
        """What their card says."""
        return Cards(self.session)

    @cached_property
    def customer_list(self) -> CustomerList:
        """All of them, looked for and sorted."""
        return CustomerList(self.session)

    @cached_property
    def contacts(self) -> Contacts:
        """Their visits."""
        return Contacts(self.session)

    @cached_property
    def messages(self) -> Messages:
        """What was said, by both sides."""
        return Messages(self.session)

    @cached_property
    def facts(self) -> Facts:
        """What is believed about them."""
        return Facts(self.session)

    @cached_property
    def their_tastes(self) -> TheirTastes:
        """What they told of those whom they buy for."""
        return TheirTastes(self.session)

    @cached_property
    def questions(self) -> Questions:
        """What they were asked."""
        return Questions(self.session)

    @cached_property
    def proposals(self) -> Proposals:
        """What they were offered."""
        return Proposals(self.session)

    @cached_property
    def orders(self) -> Orders:
        """What they bought."""
        return Orders(self.session)

    @cached_property
    def companies(self) -> Companies:
        """The companies they buy for."""
        return Companies(self.session)

    @cached_property
    def configurations(self) -> Configurations:
        """What was made up for them, step by step."""
        return Configurations(self.session)

    @cached_property
    def order_events(self) -> OrderEvents:
        """What the shop's own system is told of it."""
        return OrderEvents(self.session)

    @cached_property
    def refills(self) -> Refills:
        """What comes again by itself."""
        return Refills(self.session)

    @cached_property
    def stock(self) -> Stock:
        """What is left on the shelf."""
        return Stock(self.session)

    @cached_property
    def consents(self) -> Consents:
        """What they allowed."""
        return Consents(self.session)

    @cached_property
    def complaints(self) -> Complaints:
        """What went wrong."""
        return Complaints(self.session)

    @cached_property
    def unmet_wishes(self) -> UnmetWishes:
        """What they wanted and can't get here."""
        return UnmetWishes(self.session)

    @cached_property
    def promises(self) -> Promises:
        """What the shop owes them."""
        return Promises(self.session)

    @cached_property
    def owed(self) -> Owed:
        """Complaints and promises of all of them."""
        return Owed(self.session)

    @cached_property
    def floor(self) -> Floor:
        """The conversations that colleagues have, or are wanted for."""
        return Floor(self.session)

    @cached_property
    def audit(self) -> Audit:
        """Who did what to their record."""
        return Audit(self.session)

    @cached_property
    def fact_reviews(self) -> FactReviews:
        """What colleagues say about what is remembered."""
        return FactReviews(self.session)

    @cached_property
    def reviews(self) -> Reviews:
        """What colleagues say about messages."""
        return Reviews(self.session)

    @cached_property
    def staff(self) -> Staff:
        """The colleagues."""
        return Staff(self.session)

    @cached_property
    def today(self) -> Today:
        """What waits for somebody."""
        return Today(self.session)

    @cached_property
    def logs(self) -> Logs:
        """All conversations, as colleagues read them."""
        return Logs(self.session)

    @cached_property
    def daily(self) -> Daily:
        """What happened day by day."""
        return Daily(self.session)
