"""The pace of sending, on a clock that moves only when somebody waits."""

from __future__ import annotations

from collections.abc import Iterable

from channels.telegram.pacing import BOT_PER_SECOND, CHAT_BURST, Pacing


class Clock:
    """Seconds that pass by waiting."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        """What time it is."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        self.seconds += seconds


async def sent_at(chats: Iterable[str]) -> list[float]:
    """When each message goes out, one after the other."""
    clock = Clock()
    pacing = Pacing(clock.now, clock.sleep)
    times = []
    for chat in chats:
        await pacing.wait(chat)
        times.append(clock.seconds)
    return times


def most_within_a_second(times: list[float]) -> int:
    """The fullest second."""
    return max(sum(start <= time < start + 1 for time in times) for start in times)


async def test_no_second_holds_more_messages_than_telegram_allows() -> None:
    assert most_within_a_second(await sent_at(str(chat) for chat in range(100))) <= BOT_PER_SECOND + 1


async def test_a_chat_gets_a_short_burst_and_then_one_message_a_second() -> None:
    times = await sent_at(["1"] * (CHAT_BURST + 4))
    assert times[CHAT_BURST - 1] < 1
    assert [round(time - times[CHAT_BURST - 1]) for time in times[CHAT_BURST:]] == [1, 2, 3, 4]
