"""A hundred thousand generated messages, and hostile ones: nothing breaks, nothing is read without words."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

from cli.training import PYTHON
from settings import ROOT
from tests.understanding.reading import write_tables
from tests.understanding.sentences import held_out, simplified

MESSAGES = 100_000

_JOINTS = [
    "",
    " ",
    "，",
    ",",
    "。",
    "!",
    "?",
    "、",
    "\n",
    "不",
    " not ",
    "以前",
    "如果",
    " and ",
    "的",
    "\u202e",
    "\u0000",
    "🙅‍♀️",
]

_SCRIPT = """
import json, random, sys, time
from bot.reading import Reading
tables, pieces, joints, count = json.load(sys.stdin)
reading, chance = Reading(tables), random.Random(7)
facts = longest = 0
for number in range(count):
    text = "".join(chance.choice(pieces) + chance.choice(joints) for _ in range(chance.randint(1, 3)))
    began = time.process_time()
    for wish in reading.read(text):
        facts += 1
        assert 0 <= wish.start < wish.end <= len(text), (text, wish)
        assert text[wish.start : wish.end].strip(), (text, wish)
        assert wish.topic and wish.value and 0 < wish.confidence <= 1, (text, wish)
        assert wish.polarity in ("likes", "dislikes", "never"), (text, wish)
    longest = max(longest, time.process_time() - began)
print(json.dumps({"facts": facts, "longest": longest}))
"""


def pieces() -> list[str]:
    """Scraps of real sentences in all scripts, words of the shop, numbers, and single odd characters."""
    chance = random.Random(11)
    texts = [text for each in held_out() for text in (each.text, simplified(each.text))]
    scraps = [text[chance.randrange(len(text)) :][: chance.randint(1, 12)] for text in texts * 3]
    odd = [
        chr(chance.choice([*range(32, 0x250), *range(0x3400, 0x9FFF), *range(0x1F300, 0x1F9FF)]))
        for _ in range(500)
    ]
    numbers = [str(chance.randrange(10 ** chance.randint(1, 30))) for _ in range(100)]
    return [
        *chance.sample(texts, 200),
        *scraps,
        *odd,
        *numbers,
        "一百二十",
        "百百百百",
        "二三四五六七八九十" * 3,
        "5/5",
        "2026-13-45",
    ]


def run(script: str, given: object) -> str:
    done = subprocess.run(
        [PYTHON, "-c", script], cwd=ROOT, input=json.dumps(given), capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_no_generated_message_breaks_the_extractor_or_is_read_without_words(tmp_path: Path) -> None:
    tables = json.loads(write_tables(tmp_path / "tables.json").read_text(encoding="utf-8"))
    found = json.loads(run(_SCRIPT, [tables, pieces(), _JOINTS, MESSAGES]))
    print(found)
    assert found["facts"] > MESSAGES // 10


_HOSTILE = """
import json, sys, time
from bot.reading import Reading
tables, texts = json.load(sys.stdin)
reading = Reading(tables)
took = []
for text in texts:
    began = time.process_time()
    reading.read(text)
    took.append(time.process_time() - began)
print(json.dumps(took))
"""

HOSTILE = [
    "牛奶不" * 30_000,
    "一" * 100_000,
    "百" * 100_000,
    "9" * 100_000,
    "我喜歡，" * 30_000,
    "my mum's birthday " * 6_000,
    "two or three or " * 7_000,
    "不" * 100_000,
    " " * 100_000,
    "a" * 100_000,
    "\u202e\u200d" * 50_000,
    "🙅‍♀️" * 25_000,
    "五月" * 50_000,
    "如果" * 50_000,
]


def test_hostile_text_takes_no_longer_than_a_long_message(tmp_path: Path) -> None:
    tables = json.loads(write_tables(tmp_path / "tables.json").read_text(encoding="utf-8"))
    took = json.loads(run(_HOSTILE, [tables, HOSTILE]))
    print({text[:8]: round(seconds, 4) for text, seconds in zip(HOSTILE, took, strict=True)})
    assert max(took) < 10.0  # two tenths of a second on a busy machine
