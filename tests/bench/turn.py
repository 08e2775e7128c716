"""One turn of talk: the bot of `rasa init` over its REST channel, and Dripwise over its chat API.

Both run at the same time on this machine and take turns at being measured, so that what else the machine
does meets both. The same script of messages goes to both; every conversation has a customer of its own.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from cli.benching import BenchOptions, Figure
from tests.bench.contestants import Contestant, Conversation, dripwise, rasa_init
from tests.bench.customers import fill

CUSTOMERS = 10_000
FACTS_EACH = 10
ROUNDS = 3
ALONE_CONVERSATIONS = 5  # per round, one after the other
CLIENTS = 16
CROWD_CONVERSATIONS = 2  # per client and round
RASA = "the bot of `rasa init`, Rasa 3.6.21, default configuration, REST channel"
AIM = "issue 2"

SCRIPT = (
    "hi",
    "I like dark roast",
    "I never take milk",
    "not too sour please",
    "can you recommend something",
    "what do you know about me",
    "when are you open",
    "I had a bad day",
    "yes",
    "no",
    "are you a bot",
    "I drink two cups a day",
    "something fruity",
    "do you have anything from Kenya",
    "how do I order",
    "great",
    "who are you",
    "tell me something nice",
    "thank you",
    "goodbye",
)


@dataclass(slots=True)
class Result:
    """What was measured of one contestant."""

    startup: float  # seconds from the start to the first answer
    alone: list[float] = field(default_factory=list)  # seconds of each turn with one client
    crowd_turns: int = 0
    crowd_seconds: float = 0.0
    memory: float = 0.0  # bytes, all its processes, after the load
    silent: int = 0  # turns that got no reply

    @property
    def p50(self) -> float:
        """Milliseconds, one client."""
        return 1000 * statistics.median(self.alone)

    @property
    def p95(self) -> float:
        """Milliseconds, one client."""
        return 1000 * statistics.quantiles(self.alone, n=20)[-1]

    @property
    def throughput(self) -> float:
        """Turns per second, CLIENTS clients."""
        return self.crowd_turns / self.crowd_seconds


def measure(options: BenchOptions) -> Iterator[Figure]:
    """Start both, let them take turns, compare."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dripwise-bench-")))
        options.say(f"Filling a store with {CUSTOMERS:,} customers …")
        fill(home / "dripwise.db", CUSTOMERS, FACTS_EACH)
        theirs, reference = _start(stack, rasa_init(options.say), options.say)
        ours, shop = _start(stack, dripwise(home, options.say), options.say)
        for number in range(1, ROUNDS + 1):
            for name, contestant, result in (("rasa init", reference, theirs), ("Dripwise", shop, ours)):
                options.say(f"Round {number} of {ROUNDS}: {name} …")
                _round(contestant, result)
        theirs.memory, ours.memory = reference.memory(), shop.memory()
    yield from figures(ours, theirs)


def figures(ours: Result, theirs: Result) -> Iterator[Figure]:
    """The ratios, ours to theirs, and the raw figures behind them."""
    yield Figure("turn.p50_ratio", ours.p50 / theirs.p50, "ratio", 0.6, f"{AIM}: at most")
    yield Figure("turn.p95_ratio", ours.p95 / theirs.p95, "ratio")
    yield Figure(
        "turn.throughput_ratio", ours.throughput / theirs.throughput, "ratio", 1.5, f"{AIM}: at least"
    )
    yield Figure("turn.startup_ratio", ours.startup / theirs.startup, "ratio")
    yield Figure("turn.memory_ratio", ours.memory / theirs.memory, "ratio")
    yield Figure("turn.p50", ours.p50, "ms", theirs.p50, RASA)
    yield Figure("turn.p95", ours.p95, "ms", theirs.p95, RASA)
    yield Figure("turn.throughput", ours.throughput, "turns/s", theirs.throughput, RASA)
    yield Figure("turn.startup", ours.startup, "s", theirs.startup, RASA)
    yield Figure("turn.memory", ours.memory / 1e6, "MB", theirs.memory / 1e6, RASA)
    yield Figure("turn.silent", ours.silent, "turns without a reply", theirs.silent, RASA)


def _start(stack: ExitStack, contestant: Contestant, say: Callable[[str], None]) -> tuple[Result, Contestant]:
    say(f"Starting {contestant.name} …")
    began = time.monotonic()
    stack.callback(contestant.stop)
    contestant.start()
    talk(contestant.converse(), SCRIPT[:1])
    return Result(startup=time.monotonic() - began), contestant


def _round(contestant: Contestant, result: Result) -> None:
    talk(contestant.converse(), SCRIPT)  # warm again after the other's turn; not counted
    for _ in range(ALONE_CONVERSATIONS):
        times, silent = talk(contestant.converse(), SCRIPT)
        result.alone += times
        result.silent += silent
    conversations = [contestant.converse() for _ in range(CLIENTS * CROWD_CONVERSATIONS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        began = time.monotonic()
        outcomes = list(pool.map(lambda conversation: talk(conversation, SCRIPT), conversations))
        result.crowd_seconds += time.monotonic() - began
    result.crowd_turns += sum(len(times) for times, _ in outcomes)
    result.silent += sum(silent for _, silent in outcomes)


def talk(conversation: Conversation, script: Sequence[str]) -> tuple[list[float], int]:
    """Say every line and wait for its replies: the seconds of each turn, and how many got no reply."""
    times: list[float] = []
    silent = 0
    with conversation:
        for line in script:
            began = time.perf_counter()
            replies = conversation.say(line)
            times.append(time.perf_counter() - began)
            silent += not replies
    return times, silent
