"""What makes ill, said in the clause before or after what is turned down ("none of that, I'm allergic")."""

from typing import Collection, FrozenSet, Optional, Sequence

from bot.clauses import Clause, is_value


def illness_beside(clauses: Sequence[Clause], place: int, sensitive: Collection[str]) -> Optional[Clause]:
    """The clause beside another that says that something makes ill: this, or it doesn't say what."""
    rules = _rules(clauses[place], sensitive)
    for beside in (place + 1, place - 1):
        if 0 <= beside < len(clauses):
            clause = clauses[beside]
            ill = clause.has("#allergy", "#illness", "#ill") and not denies_illness(clause)
            if ill and (_names_none(clause) or rules & _rules(clause, sensitive)):
                return clause
    return None


def _names_none(clause: Clause) -> bool:
    return not clause.has("#allergic_to", "#toward") and not any(map(is_value, clause.found))


def _rules(clause: Clause, sensitive: Collection[str]) -> FrozenSet[str]:
    """The values of sensitive topics that are named in a clause."""
    tables = (table for phrase in clause.found for table in phrase.tables)
    return frozenset(table for table in tables if table.partition("=")[0] in sensitive)


def denies_illness(clause: Clause) -> bool:
    """Whether it is said that something does not make ill."""
    denied = (one.has("#not") and other.has("#allergy") for one, other in zip(clause.found, clause.found[1:]))
    return clause.has("#healthy") or any(denied)
