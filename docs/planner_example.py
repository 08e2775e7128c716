"""Draws docs/planner.svg and prints the figures of docs/planner.md: `python -m docs.planner_example`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from one_to_one.deciding import ranking
from one_to_one.facts import Fact, FactId, MessageId, Polarity, Source
from one_to_one.information import Case, view_of
from one_to_one.language import Language
from one_to_one.ledger import Question, QuestionState
from one_to_one.pack import read_pack
from one_to_one.planner import next_question
from one_to_one.proposals import propose
from one_to_one.shop import ShopPack
from settings import ROOT

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SAID = (
    ("acidity", "high", Polarity.DISLIKES),
    ("milk", "dairy", Polarity.LIKES),
    ("roast", "dark", Polarity.LIKES),
)
SHOWN = 7  # questions per picture
STYLE = 'font-family="sans-serif" font-size="13"'
BAR, LINE, LEFT, WIDTH = 420, 22, 110, 620  # pixels


def known(count: int) -> list[Fact]:
    """What is believed after the first `count` statements."""
    source = Source(MessageId(1), "web", NOW)
    return [
        Fact(FactId(n), topic, value, polarity, True, 1.0, NOW, None, NOW, source)
        for n, (topic, value, polarity) in enumerate(SAID[:count], start=1)
    ]


def ledger(facts: Sequence[Fact]) -> dict[str, Question]:
    """What was talked about isn't asked again."""
    return {f.topic: Question(f.topic, QuestionState.ANSWERED, NOW, 1, 1) for f in facts}


def gains(pack: ShopPack, facts: Sequence[Fact]) -> list[tuple[str, float, float]]:
    """Topic, gain and burden of the questions worth most."""
    spoken = {fact.topic for fact in facts}
    case = Case(view_of(pack, facts, (), NOW), [topic for topic in pack.topics if topic not in spoken], {})
    return [(one.topic, one.gain, one.burden) for one in ranking(case)[:SHOWN]]


def described(pack: ShopPack, count: int) -> str:
    """The situation after `count` statements, in words."""
    facts = known(count)
    planned = next_question(pack, facts, ledger(facts), 0, NOW, contact=2)
    lines = [f"after {', '.join(f'{f.polarity} {f.topic} {f.value}' for f in facts) or 'nothing'}:"]
    lines += [
        f"  {topic:10} {gain:.3f} - {burden:.2f} = {gain - burden:.3f}"
        for topic, gain, burden in gains(pack, facts)
    ]
    lines += [f"  asks {planned.topic if planned else 'nothing'} {planned.between if planned else ''}"]
    for item in propose(pack, facts, (), (), NOW):
        name = pack.products[item.product].name[Language.ENGLISH]
        lines.append(
            f"  {name}: {item.score:.2f} at {item.price}, because of {item.used}{', new' * item.novel}"
        )
    return "\n".join(lines)


def drawn(pack: ShopPack) -> str:
    """The picture: for each situation, gain as a bar and burden as its grey beginning."""
    parts, top = [], 30
    told = [gains(pack, known(count)) for count in range(3)]
    scale = BAR / max(gain for rows in told for _, gain, _ in rows)
    for rows, title in zip(told, ("Nothing known", "“Nothing sour, please”", "… “with milk”"), strict=True):
        parts.append(f'<text x="10" y="{top}" font-weight="bold">{title}</text>')
        parts += [
            bar(name, gain, burden, top + LINE * n, scale)
            for n, (name, gain, burden) in enumerate(rows, start=1)
        ]
        top += LINE * (len(rows) + 2)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top - 20}" {STYLE}>'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{top}" fill="#fff"/>', *parts, "</svg>", ""])


def bar(name: str, gain: float, burden: float, y: int, scale: float) -> str:
    """One question; `scale`: pixels to a unit of utility."""
    grey, green = min(gain, burden) * scale, max(0.0, gain - burden) * scale
    return (
        f'<text x="{LEFT - 8}" y="{y}" text-anchor="end">{name}</text>'
        f'<rect x="{LEFT}" y="{y - 12}" width="{grey:.1f}" height="15" fill="#bbb"/>'
        f'<rect x="{LEFT + grey:.1f}" y="{y - 12}" width="{green:.1f}" height="15" fill="#2f7d5b"/>'
        f'<text x="{LEFT + grey + green + 6:.1f}" y="{y}">{gain - burden:.2f}</text>'
    )


if __name__ == "__main__":
    shop = read_pack(ROOT / "data" / "shops" / "coffee")
    Path(__file__).with_name("planner.svg").write_text(drawn(shop), encoding="utf-8")
    print("\n\n".join(described(shop, count) for count in range(len(SAID) + 1)))
