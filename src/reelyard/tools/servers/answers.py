"""What servers answered, taken out of their JSON and looked at before anybody uses it. Pure."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from reelyard.tools.narration.recorded import demuxer_of
from reelyard.tools.servers.failures import Turned, shown
from reelyard.tools.servers.picture_files import picture_format

MIB = 1024 * 1024
MOST_TEXT = MIB  # bytes of an answer's JSON
MOST_SOUND = 200 * 10**6
MOST_PICTURE = 50 * 10**6
MOST_PICTURE_JSON = MOST_PICTURE // 3 * 4 + MIB  # as Base64, with what is round it
SMALLEST_SOUND = 64  # bytes; a head alone is no sound


def text_of(answer: Any) -> tuple[str, bool]:
    """The words of a chat completion, and whether they were cut off; raises Turned."""
    choice = _first(answer, "choices")
    message = choice.get("message")
    if not isinstance(message, dict):
        raise Turned("its answer has no message")
    if choice.get("finish_reason") == "content_filter" or message.get("refusal"):
        raise Turned("it refused this text", said=shown(str(message.get("refusal") or ""), None))
    content = message.get("content")
    if isinstance(content, list):  # in pieces, as some servers write it
        pieces = [one.get("text") for one in content if isinstance(one, dict)]
        content = "".join(one for one in pieces if isinstance(one, str))
    if not isinstance(content, str):
        raise Turned("its answer has no text")
    return content, choice.get("finish_reason") == "length"


def picture_of(answer: Any) -> bytes | str:
    """The picture of an answer, or the address at which it is; raises Turned."""
    first = _first(answer, "data")
    encoded, url = first.get("b64_json"), first.get("url")
    if isinstance(encoded, str) and encoded:
        return decoded(encoded)
    if isinstance(url, str) and url.startswith("data:"):
        return decoded(url.partition(",")[2])
    if isinstance(url, str) and url:
        return url
    raise Turned("its answer has no picture")


def decoded(encoded: str) -> bytes:
    """Base64 as bytes; raises Turned for what is none."""
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Turned("the picture in its answer is not in Base64") from None


def check_picture(data: bytes) -> None:
    """Raises Turned unless it begins as a PNG, JPEG or WebP of a bearable size."""
    if len(data) > MOST_PICTURE:
        raise Turned(f"its picture is larger than the {MOST_PICTURE // 10**6} MB that are taken")
    try:
        picture_format(data)
    except ValueError as problem:
        raise Turned(f"it answered with {problem}") from None


def check_sound(head: bytes, size: int, content_type: str) -> None:
    """Raises Turned unless it begins as a sound that is known; `size` is that of the whole."""
    if demuxer_of(head) is not None and size >= SMALLEST_SOUND:
        return
    if size < SMALLEST_SOUND:
        raise Turned("its sound is empty")
    what = (
        "a web page"
        if head.lstrip()[:1] == b"<"
        else f"“{shown(content_type, None)[:40]}”, which is no sound"
    )
    raise Turned(f"it answered with {what}", hint="Look at its address; it may lack /v1.")


def _first(answer: Any, name: str) -> dict[str, Any]:
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, list) or not found or not isinstance(found[0], dict):
        raise Turned(f"its answer has no “{name}”")
    return found[0]
