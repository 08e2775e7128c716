"""Rasa keeps nothing: what matters of a dialogue lives in the customer store."""

from typing import Iterable, Optional

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker


class ForgetfulTrackerStore(TrackerStore):
    """Begins every turn with an empty tracker and drops it afterwards.

    Our rules look at the latest intent only, so any process serves any turn, the request to the action
    server stays small, and memory doesn't grow with the number of customers.
    """

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        return None

    async def save(self, tracker: DialogueStateTracker) -> None:
        pass

    async def keys(self) -> Iterable[str]:
        return ()

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A tracker that has begun its session and listens, as after `action_session_start`."""
        tracker = self.init_tracker(sender_id)
        tracker.update_with_events([SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)], self.domain)
        return tracker
