"""Passwords and one-time codes: how they are kept, and how they are checked."""

from __future__ import annotations

import re
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST_PASSWORD = 12
"""Characters, as NIST SP 800-63B-4 asks where there is a second factor (8) and a little more."""

LONGEST_PASSWORD = 200

STEP_SECONDS = 30
"""How long a one-time code is good (RFC 6238)."""

DRIFT = 1
"""Steps by which the colleague's clock may be wrong."""

SECRETS = re.compile(r"[A-Z2-7]{32}")
"""160 bits in base32, as RFC 4226 recommends, and as they are made here."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""The figures of OWASP's password storage cheat sheet: one core for some 40 ms, 19 MiB."""


def hash_password(password: str) -> str:
    """What is kept of a password: Argon2id with a salt of its own (RFC 9106). Takes some 40 ms."""
    return _HASHER.hash(password)


_NOBODYS = hash_password("nobody's")
"""Checked when there is no such colleague, so that the answer takes as long."""


def password_fits(kept: str | None, password: str) -> bool:
    """Whether it is the password; as slow for a colleague who has none. None: they have none yet."""
    try:
        return _HASHER.verify(kept or _NOBODYS, password[:LONGEST_PASSWORD]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """A shared secret for one-time codes, base32."""
    return pyotp.random_base32()


def is_secret(typed: str) -> bool:
    """Whether a form brings back a secret as we make them."""
    return SECRETS.fullmatch(typed) is not None


def enrolment(secret: str, name: str, shop: str) -> str:
    """The address that an authenticator app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=shop)


def step_of_code(secret: str, code: str, now: datetime, after: int | None) -> int | None:
    """The time step a code belongs to; None: it is wrong, or was used (`after` is the last step used).

    A code that was seen once is no good again (RFC 6238, 5.2).
    """
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in range(current - DRIFT, current + DRIFT + 1):
        fits = digits.isdecimal() and pyotp.utils.strings_equal(totp.at(step * STEP_SECONDS), digits)
        if fits and (after is None or step > after):
            return step
    return None
