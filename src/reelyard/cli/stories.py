"""What commands that tell stories share: which files of a story they take, what they say of it, what is refused first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reelyard.kit.file_names import piece_of

if TYPE_CHECKING:
    from reelyard.cli.desk import Account, Wish
    from reelyard.client import Item
    from reelyard.client.models import Output

AUTO = "auto"
PIECES = "chunks"  # the folder for what was made of each chunk


def check_story(pipeline: Mapping[str, Any], wish: Wish) -> None:
    """Refuse a voice, language or server that the workers of `pipeline` do not have. Raises Refused."""
    from reelyard.tools.servers.configured import ServerKind, required  # noqa: PLC0415
    from reelyard.tools.voices import choice  # noqa: PLC0415

    settings, inventory = wish.settings, pipeline["inventory"]
    if not inventory:  # no worker is up yet: the server says it
        return
    if settings["audio"]:
        language = settings["language"]
        choice.check(settings["voice"], None if language == AUTO else language, inventory)
    if settings["rewrite"]:
        required(ServerKind.TEXT, inventory)
    if settings["images"] and settings["image_maker"] == "server":
        required(ServerKind.IMAGE, inventory)


@dataclass(frozen=True, slots=True)
class Stories:
    """Takes all that came out, in a folder: the whole at its top, the chunks' narrations and pictures below it."""

    def files(self, item: Item) -> dict[str, Output]:
        found: dict[str, Output] = {}
        for output in item.outputs:
            piece = piece_of(output.role)
            ending = f"/{PIECES}/{piece}" if piece else f"/{output.role}"
            found[ending if ending not in found else f"/{PIECES}/{output.role}"] = output
        return found

    def is_whole(self, endings: Collection[str]) -> bool:
        return bool(endings)

    def account(self, item: Item) -> Account:
        from reelyard.cli.desk import Account  # noqa: PLC0415
        from reelyard.cli.reporting import seconds  # noqa: PLC0415

        words, chunks, pictures = item.fact("words"), item.fact("chunks"), item.fact("pictures")
        length, voice = item.fact("duration_s"), (item.fact("voice") or {}).get("name")
        title = item.fact("title")
        parts = [
            f"“{title}”" if title else "",
            f"{words} words in {_counted(chunks, 'chunk')}" if words is not None else "",
            f"{seconds(length)} read by {voice}" if length is not None else "",
            _counted(pictures, "picture") if pictures else "",
        ]
        facts = {"title": title, "words": words, "chunks": chunks, "pictures": pictures, "duration_s": length,
                 "voice": voice, "language": item.fact("language")}  # fmt: skip
        return Account(", ".join(filter(None, parts)), facts)


def _counted(number: int | None, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
