"""The languages Dripwise talks, and telling which one a message is in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """A BCP 47 tag."""

    TRADITIONAL = "zh-Hant"
    SIMPLIFIED = "zh-Hans"
    ENGLISH = "en"


type Text = Mapping[Language, str]
"""One text for people, in every language."""
