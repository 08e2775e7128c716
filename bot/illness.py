"""What makes ill, said in the clause before or after what is turned down ("no nuts, I'm allergic")."""

from typing import Optional, Sequence

from bot.clauses import Clause
from bot.phrases import Found


def illness_beside(clauses: Sequence[Clause], place: int) -> Optional[Clause]:
    """The clause beside another that only says that something makes ill, and not what."""
    for beside in (place + 1, place - 1):
        if 0 <= beside < len(clauses) and _names_none(clauses[beside]):
            return clauses[beside]
    return None


def _names_none(clause: Clause) -> bool:
    ill = clause.has("#allergy", "#illness")
    return ill and not denies_illness(clause) and not any(map(_is_object, clause.found))


def _is_object(phrase: Found) -> bool:
    return any("=" in table and table[0] != "#" for table in phrase.tables) or phrase.has("#allergic_to")


def denies_illness(clause: Clause) -> bool:
    """Whether it is said that something does not make ill."""
    denied = (one.has("#not") and other.has("#allergy") for one, other in zip(clause.found, clause.found[1:]))
    return clause.has("#healthy") or any(denied)
