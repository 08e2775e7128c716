"""The language of somebody we don't know yet, from what their browser prefers."""

from __future__ import annotations

from one_to_one.language import Language

DEFAULT = Language.TRADITIONAL
TRADITIONAL_PLACES = frozenset({"tw", "hk", "mo", "hant"})


def preferred(header: str) -> Language:
    """The first language of an Accept-Language header that we talk; none: traditional Chinese."""
    for tag in _tags(header):
        found = language_of(tag)
        if found is not None:
            return found
    return DEFAULT


def language_of(tag: str) -> Language | None:
    """The language a BCP 47 tag such as zh-TW or en-GB asks for; None: one Dripwise doesn't talk."""
    parts = tag.strip().replace("_", "-").lower().split("-")
    if parts[0] == "en":
        return Language.ENGLISH
    if parts[0] not in ("zh", "yue", "cmn"):
        return None
    return Language.TRADITIONAL if TRADITIONAL_PLACES & set(parts) else Language.SIMPLIFIED


def _tags(header: str) -> list[str]:
    weighted = [_weighted(part) for part in header.split(",") if part.strip()]
    return [tag for weight, tag in sorted(weighted, key=lambda one: -one[0]) if weight > 0]


def _weighted(part: str) -> tuple[float, str]:
    tag, _, parameters = part.partition(";")
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0, tag
    try:
        return float(value), tag
    except ValueError:
        return 0.0, tag
