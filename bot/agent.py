"""Rasa's agent, without what slows a turn down or hides a failure."""

from pathlib import Path
from typing import Any, Dict

import jsonschema
import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain

from bot.endpoint import ActionServer
from bot.runner import StraightRunner
from bot.tracker import ForgetfulTrackerStore

_result = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())


def _check_result(self: RemoteAction, result: Dict[str, Any]) -> bool:
    """Rasa compiles the schema of results again for every action; once is enough."""
    _result.validate(result)
    return True


RemoteAction._validate_action_result = _check_result
rasa.core.processor.DaskGraphRunner = StraightRunner


class Bot(Agent):
    """An agent whose store isn't wrapped in one that turns failures into an empty memory."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore, domain: Domain) -> TrackerStore:
        return store


def load_bot(model: Path, actions: ActionServer) -> Bot:
    """Read the model. Raises what Rasa raises when it can't be read."""
    bot = Bot.load(model, tracker_store=ForgetfulTrackerStore(None), action_endpoint=actions)
    domain = bot.domain.as_dict()
    bot.domain.as_dict = lambda: domain  # made anew for every action otherwise
    return bot
