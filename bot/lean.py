"""Leaves out what Rasa imports and this bot never uses: TensorFlow and the channels of other messengers.

Import this before anything of Rasa. It halves the start and saves about 300 MB.
"""

import sys
from types import ModuleType
from typing import Any

UNUSED = (
    "rasa.utils.tensorflow.callback",
    "rasa.utils.tensorflow.data_generator",
    *(
        "rasa.core.channels." + name
        for name in [
            "socketio",
            "botframework",
            "callback",
            "facebook",
            "mattermost",
            "rasa_chat",
            "rocketchat",
            "slack",
            "telegram",
            "twilio",
            "twilio_voice",
            "webexteams",
            "hangouts",
        ]
    ),
)
"""Modules that are imported but not needed by rules, logistic regression and our own channel."""

COMPONENTS = "rasa.engine.recipes.default_components"


class Unused(ModuleType):
    """Stands in for a module; any name in it is an empty class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"name": classmethod(lambda cls: cls.__name__)})


def leave_out() -> None:
    """Put the stand-ins in place. Raises RuntimeError when Rasa was imported too early."""
    if "rasa.core" in sys.modules:
        raise RuntimeError("bot.lean must come before rasa.core")
    for name in UNUSED:
        sys.modules[name] = Unused(name)
    sys.modules[COMPONENTS] = _ours()


def _ours() -> ModuleType:
    module = Unused(COMPONENTS)
    module.__dict__["DEFAULT_COMPONENTS"] = []
    return module


leave_out()
