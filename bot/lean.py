"""Leaves out what Rasa imports and this bot never uses: TensorFlow, other messengers, other stores.

Import this before anything of Rasa. It halves the start and saves about 300 MB.
"""

import sys
import warnings
from types import ModuleType
from typing import Any

import bot.cores  # noqa: F401  (before NumPy)

MESSENGERS = (
    *("socketio", "botframework", "callback", "console", "facebook", "mattermost", "rasa_chat", "rocketchat"),
    *("slack", "telegram", "twilio", "twilio_voice", "webexteams", "hangouts"),
)
UNUSED = (
    "rasa.utils.tensorflow.callback",
    "rasa.utils.tensorflow.data_generator",
    "rasa.utils.tensorflow.model_data",
    "rasa.utils.tensorflow.model_data_utils",
    "rasa.nlu.classifiers.diet_classifier",
    "rasa.nlu.selectors.response_selector",
    "rasa.nlu.extractors.crf_entity_extractor",
    "rasa.core.policies.ted_policy",
    "rasa.core.policies.unexpected_intent_policy",
    *("rasa.core.channels." + name for name in MESSENGERS),
    "boto3",
    "boto3.dynamodb",
    "boto3.dynamodb.conditions",
    "pymongo",
    "pymongo.collection",
    "questionary",
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
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # spaCy takes it where there is one
    warnings.simplefilter(
        "ignore", DeprecationWarning
    )  # of old libraries about each other: nothing to be done
    warnings.filterwarnings("ignore", message="(?s).*not compatible with SQLAlchemy 2.0")


def _ours() -> ModuleType:
    """Rasa registers all its components by importing this; ours are imported by their path."""
    module = Unused(COMPONENTS)
    module.__dict__["DEFAULT_COMPONENTS"] = []
    return module


leave_out()
