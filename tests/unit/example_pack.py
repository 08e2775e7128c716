"""The small shop pack of docs/shop-pack.md, as files that a test can spoil."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from one_to_one.pack import Problem, check_pack
from settings import ROOT

_FILE = re.compile(r"## (\w+\.yml)\n```yaml\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ExamplePack:
    """A copy of the example in a folder of its own."""

    folder: Path

    @property
    def problems(self) -> list[Problem]:
        """What the check says about it."""
        return check_pack(self.folder)

    def text(self, file: str) -> str:
        """What the file holds."""
        return (self.folder / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        """Put something else into the file."""
        (self.folder / file).write_text(text, encoding="utf-8")

    def lines(self, file: str) -> int:
        """How many lines the file has, a last empty one included."""
        return (self.folder / file).read_bytes().count(b"\n") + 1

    def change(self, file: str, old: str, new: str) -> int:
        """Replace what stands once in the file; the number of the line it stood in."""
        text = self.text(file)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))
        return text.count("\n", 0, text.index(old)) + 1


def example_pack(folder: Path) -> ExamplePack:
    """Write the example's files into a folder."""
    files = dict(_FILE.findall((ROOT / "docs" / "shop-pack.md").read_text(encoding="utf-8")))
    pack = ExamplePack(folder)
    for name, text in files.items():
        pack.write(name, text)
    return pack
