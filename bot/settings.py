"""The few settings of the bot, from plain environment variables."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BotSettings:
    """What `./dripwise up` hands over."""

    model: Path
    secret: str
    port: int
    actions_port: int


def read_settings() -> BotSettings:
    """Read them. Raises SystemExit with what is missing and what to do."""
    home = Path(os.environ.get("DRIPWISE_HOME", "var"))
    return BotSettings(
        model=_model(home),
        secret=_secret(home / "keys" / "bot_secret"),
        port=int(os.environ.get("DRIPWISE_BOT_PORT", "5005")),
        actions_port=int(os.environ.get("DRIPWISE_ACTIONS_PORT", "5055")),
    )


def _model(home: Path) -> Path:
    """The model named, or the one trained last."""
    named = os.environ.get("DRIPWISE_MODEL")
    folders = (Path("models"), home / "models")
    models = [Path(named)] if named else [path for folder in folders for path in folder.glob("*.tar.gz")]
    there = [path for path in models if path.is_file()]
    if not there:
        raise SystemExit(f"There is no trained model at {named or 'models/'}. Run `./dripwise train`.")
    return max(there, key=lambda path: path.stat().st_mtime).resolve()  # it may be a link


def _secret(path: Path) -> str:
    if not path.is_file():
        raise SystemExit(f"There is no secret at {path}. `./dripwise up` makes it before it starts the bot.")
    return path.read_text(encoding="ascii").strip()
