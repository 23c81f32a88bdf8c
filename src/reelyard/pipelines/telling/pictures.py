"""The pictures of a story: one look for all, one picture for each chunk, and a cover."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reelyard.kit.json import Json, digest
from reelyard.media.story import MOST_CHUNKS, PARAGRAPH, Chunk, Story
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts
from reelyard.pipelines.telling import servers
from reelyard.pipelines.telling.asked import AskedPictures
from reelyard.pipelines.telling.drawn import DrawnPictures
from reelyard.pipelines.telling.picture import Made, Wanted
from reelyard.pipelines.telling.placing import place
from reelyard.pipelines.telling.text import read_original, read_story
from reelyard.tools.pictures.drawing import PictureOrder, picture_key
from reelyard.tools.pictures.look import StoryLook, look_of
from reelyard.tools.pictures.scene import PictureShape
from reelyard.tools.servers.configured import ServerKind

LOOK, LIST, COVER = "look.json", "pictures.json", "cover.jpg"
PICTURES = tuple(f"picture-{number:04}.jpg" for number in range(1, MOST_CHUNKS + 1))
COVER_LETTERS, MOST_COVER_LETTERS = (
    100,
    500,
)  # of the story's beginning, from which the cover's scene is taken


def look(context: Context) -> Facts:
    """What all pictures have in common; taken from the text as it was read, so that no edit of a chunk changes it."""
    settings = context.settings
    found = look_of(read_original(context), settings.image_style, settings.image_prompt, settings.seed)
    context.out(LOOK).write_text(json.dumps(found.to_json(), ensure_ascii=False), "utf-8")
    return {"seed": found.seed, "characters": [one.name for one in found.characters]}


def illustrate(context: Context) -> Facts:
    """A picture for each chunk, and a cover; what is still right of an earlier time is taken over."""
    shared = StoryLook.from_json(json.loads(context.artifact(LOOK).read_bytes()))
    wanted = tuple(_wanted(context, shared))
    made = _taken_over(context, wanted)
    missing = [one for one in wanted if one.role not in made]
    failed: Sequence[Wanted] = ()
    if servers.identity(context.tools, ServerKind.IMAGE) is not None:
        asked = AskedPictures(context, shared)
        made |= asked.made(missing)
        failed = asked.failed
        drawn = failed if context.settings.image_failure == "draw" else ()
    else:
        drawn = missing
    made |= DrawnPictures(context, shared, instead=bool(failed)).made(drawn)
    _keep_list(context, made)
    return {
        "pictures": sum(role != COVER for role in made),
        "made": len(missing),
        "failed": [one.number for one in failed],
        "cards": sum(one.card for one in made.values()),
        "by": servers.identity(context.tools, ServerKind.IMAGE),
        "degraded": bool(failed),
    }


def _wanted(context: Context, shared: StoryLook) -> Iterator[Wanted]:
    story, shape = read_story(context), PictureShape(context.settings.image_shape)
    cover = PictureOrder(context.workdir / COVER, _beginning(read_original(context)), shape, cover=True)
    orders = [(0, COVER, cover)]
    orders += [(one.number, PICTURES[one.number - 1], _order(context, one, shape)) for one in story.chunks]
    by = servers.identity(context.tools, ServerKind.IMAGE)
    for number, role, order in orders:
        key = picture_key(order, shared)
        yield Wanted(number, role, order, key if by is None else digest({"picture": key, "by": dict(by)}))


def _beginning(story: Story) -> str:
    """The first paragraphs, up to one long enough for a scene: more would mix two."""
    text = ""
    for paragraph in story.chunks[0].paragraphs:
        text = f"{text}{PARAGRAPH}{paragraph}" if text else paragraph
        if len(text) >= COVER_LETTERS:
            break
    return text[:MOST_COVER_LETTERS]


def _order(context: Context, chunk: Chunk, shape: PictureShape) -> PictureOrder:
    path = context.workdir / PICTURES[chunk.number - 1]
    return PictureOrder(path, chunk.text, shape, chunk.heading, chunk.picture_prompt, chunk.seed)


def _taken_over(context: Context, wanted: Sequence[Wanted]) -> dict[str, Made]:
    """What was made the last time and is still right; what was drawn in place of another is not."""
    known = _known(context)
    found = {}
    for one in wanted:
        earlier, path = known.get(one.role), context.earlier(one.role)
        if earlier is not None and path is not None and earlier.key == one.key and not earlier.instead:
            place(context, one.role, path)
            found[one.role] = earlier
    return found


def _known(context: Context) -> dict[str, Made]:
    path = context.earlier(LIST)
    if path is None:
        return {}
    listed: list[dict[str, Any]] = json.loads(path.read_bytes())["pictures"]
    return {one["role"]: Made(**one) for one in listed}


def _keep_list(context: Context, made: Mapping[str, Made]) -> None:
    pictures: list[Json] = [made[role].to_json() for role in sorted(made)]
    context.out(LIST).write_text(json.dumps({"pictures": pictures}, ensure_ascii=False, indent=1), "utf-8")
