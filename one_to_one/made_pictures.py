"""What pictures and links of configurations are called between the rooms of the house."""

from __future__ import annotations

from one_to_one.language import Language

SHARED = "configuration shared"
"""What a token is sealed for that shows a configuration to whoever holds it."""

_FOLDER = "made/"


def name_of(token: str, language: Language) -> str:
    """The picture of a configuration, as a reply names it."""
    return f"{_FOLDER}{token}.{language}.svg"


def token_in(image: str) -> tuple[str, Language] | None:
    """The token and language of such a picture; None: it is a picture of the pack, or nothing of ours."""
    if not image.startswith(_FOLDER) or not image.endswith(".svg"):
        return None
    token, _, tag = image.removeprefix(_FOLDER).removesuffix(".svg").partition(".")
    return (token, Language(tag)) if tag in list(Language) else None
