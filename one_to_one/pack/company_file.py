"""Reading what was agreed with a company: a file the shop writes, checked against its pack."""

from __future__ import annotations

from pathlib import Path

from one_to_one.company import Agreed, Company, CompanyRole
from one_to_one.pack.files import open_file, read_text
from one_to_one.pack.places import Place, Report
from one_to_one.pack.problems import nearest
from one_to_one.pack.shop_file import in_languages
from one_to_one.shop import ShopPack

_MOST_KEPT = 256
"""So many companies are kept in hand at once."""

_ROLE = ("agreed", "limit", "only_agreed", "approves")


def read_company_file(report: Report, path: Path, pack: ShopPack) -> Company | None:
    """The company a file describes; None, and why reported, when it can't be read."""
    return _company(path.stem, open_file(report, path.parent, path.name), pack)


def read_company(report: Report, name: str, text: str, pack: ShopPack) -> Company | None:
    """The same from the text of such a file, as it was kept."""
    return _company(name, read_text(report, name, text), pack)


def company_of(name: str, text: str, pack: ShopPack) -> Company | None:
    """A company as it was agreed, without what the pack no longer has; None when nothing is left of it."""
    kept = _companies.get((name, text))
    if kept is None or kept[0] is not pack:
        if len(_companies) >= _MOST_KEPT:
            _companies.clear()
        kept = _companies[name, text] = (pack, read_company(Report(), name, text, pack))
    return kept[1]


_companies: dict[tuple[str, str], tuple[ShopPack, Company | None]] = {}


def _company(name: str, place: Place, pack: ShopPack) -> Company | None:
    found = place.fields(("name", "roles"), ("tax_id",))
    languages = pack.shop.languages
    roles = {code: _role(code, inner, pack) for code, inner in found["roles"].entries()}
    if not roles:
        found["roles"].wrong("A company needs at least one role that its people can have.")
        return None
    if any(_may_wait(role) for role in roles.values()) and not any(role.approves for role in roles.values()):
        found["roles"].wrong("Somebody has to decide about orders that wait: give one role `approves: true`.")
    tax_id = "" if found["tax_id"].missing else found["tax_id"].words()
    return Company(name, in_languages(found["name"], languages), roles, tax_id)


def _may_wait(role: CompanyRole) -> bool:
    return not role.approves and (role.limit is not None or role.only_agreed)


def _role(code: str, place: Place, pack: ShopPack) -> CompanyRole:
    found = place.fields(("label",), _ROLE)
    agreed = [] if found["agreed"].missing else found["agreed"].items()
    return CompanyRole(
        code,
        in_languages(found["label"], pack.shop.languages),
        tuple(filter(None, (_agreed(item, pack) for item in agreed))),
        None if found["limit"].missing else found["limit"].amount(),
        found["only_agreed"].flag(),
        found["approves"].flag(),
    )


def _agreed(place: Place, pack: ShopPack) -> Agreed | None:
    """What was agreed, if the pack has all of it; what it hasn't is reported."""
    found = place.fields(("product",), ("options",))
    product = found["product"].one_of(pack.products, "a product of catalogue.yml")
    options = [_option(name, inner, pack) for name, inner in found["options"].entries()]
    if not product or None in options:
        return None
    return Agreed(product, dict(filter(None, options)))


def _option(name: str, place: Place, pack: ShopPack) -> tuple[str, str] | None:
    """A module and what was agreed of it; of several options all, joined as orders have them."""
    module = pack.modules.get(name)
    if module is None:
        place.wrong(f"`{name}` is not a module of catalogue.yml. {nearest(name, pack.modules)}")
        return None
    known = {*module.options, module.default}
    codes = [item.one_of(known, f"an option of {name}") for item in place.items()]
    return (name, "+".join(codes)) if codes and all(codes) else None
