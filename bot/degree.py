"""More or less than before: comparisons with what was ordered last or is usual."""

import re

from bot.clauses import Clause
from bot.signs import Signs
from bot.wish import DISLIKES, LIKES, WISH, Wish

_COMPARATIVE = re.compile(r"[a-z]er\b")
_NEAR = 3  # characters around a value that can say "a little more"


def relative(folded: str, clause: Clause, wish: Wish, compared: bool, signs: Signs) -> int:
    """1 or -1 where the wish is for more or less than before; 0 where it is for the value itself."""
    step = 1 if wish.polarity == LIKES else -1
    if compared or (clause.has("#last") and wish.polarity == DISLIKES):
        return step
    if wish.polarity != LIKES or wish.confidence <= WISH or clause.has("#self", "#lasting", "#usual", "#not"):
        return 0
    return step if _compares(folded, clause, wish, signs) else 0


def _compares(folded: str, clause: Clause, wish: Wish, signs: Signs) -> bool:
    """Whether the value is compared and the change made little of ("a bit stronger, please")."""
    said = folded[wish.start : wish.end]
    behind = folded[wish.end : min(wish.end + _NEAR, clause.end)]
    compares = signs.comparing.search(said) or signs.comparing.match(behind) or _COMPARATIVE.search(said)
    return clause.has("#adjust") and (clause.has("#more") or bool(compares))
