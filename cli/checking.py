"""The settings as the owner gave them, or one clear sentence for each that is wrong."""

from __future__ import annotations

from pydantic import ValidationError

from one_to_one.errors import BadSettings
from settings import PREFIX, Settings, unknown_settings


def checked_settings(**given: object) -> Settings:
    """The settings from the environment; `given` (what the command line said; None: nothing) comes first.

    Raises BadSettings when a variable is unknown or a value makes no sense.
    """
    if unknown := unknown_settings():
        raise BadSettings(problems=" ".join(f"{name} is not a setting." for name in unknown))
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        raise BadSettings(problems=" ".join(_sentences(error))) from None


def _sentences(error: ValidationError) -> list[str]:
    return [
        f"{PREFIX}{'_'.join(map(str, problem['loc'])).upper()} is {problem['input']!r}: {problem['msg']}."
        for problem in error.errors(include_url=False)
    ]
