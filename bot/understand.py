"""`python -m bot.understand MODEL`: what the bot makes of each line of standard input, as JSON lines.

For tests and for people who write training data; the answer holds intent, confidence, entities and times.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, Dict

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

import bot.lean  # noqa: F401  (before Rasa)
from bot.agent import Bot, load_bot
from bot.endpoint import ActionServer
from bot.logs import quieten
from bot.turn import harmless


async def _understand(bot: Bot, text: str) -> Dict[str, Any]:
    began, busy = time.perf_counter(), time.process_time()
    read = await bot.parse_message(harmless(text))
    took, worked = time.perf_counter() - began, time.process_time() - busy
    return {
        "intent": read["intent"]["name"],
        "ranking": [[each["name"], round(each["confidence"], 6)] for each in read["intent_ranking"]],
        "entities": read["entities"],
        "ms": round(took * 1000, 3),
        "cpu_ms": round(worked * 1000, 3),  # what it takes on a machine with nothing else to do
    }


async def main(model: Path) -> None:
    """Read lines until the end of input; each is a JSON string."""
    quieten()
    bot = load_bot(model, ActionServer("http://127.0.0.1:9"))
    await bot.parse_message("warm up")
    for line in sys.stdin:
        print(json.dumps(await _understand(bot, json.loads(line)), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
