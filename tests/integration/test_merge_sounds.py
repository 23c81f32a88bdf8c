"""Sounds merged into an audio book."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from reelyard.errors import InvalidInput
from reelyard.kit.processes import runner_in
from reelyard.testing.media import MediaMaker
from reelyard.tools.bundles.merge import Clip, Merged, Tools, merge_sounds
from reelyard.tools.ffmpeg.decode import decode
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.sound.levels import measure


def merged(folder: Path, *paths: Path, name: str = "book.m4a") -> Merged:
    run = runner_in(folder)
    clips = [Clip(path, path.stem, inspect(path, run=run, name=path.name)) for path in paths]
    return merge_sounds(clips, folder / name, Tools(ffmpeg(), run, folder))


def loud_spans(folder: Path, path: Path) -> list[tuple[float, float]]:
    run = runner_in(folder)
    decode(Source(path, inspect(path, run=run)), folder / "heard.wav", ffmpeg=ffmpeg(), run=run)
    levels = measure(folder / "heard.wav", folder / "levels", run=run)
    edges = [0.0, *(float(t) for span in levels.silences(-40, 0.2) for t in (span.start, span.end))]
    edges.append(levels.duration_s)
    return [(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if end - begin > 0.05]


@pytest.mark.parametrize(
    "kinds", [(".m4a", ".m4a", ".m4a"), (".m4a", ".mp3", ".wav"), (".mp3", ".opus", ".flac")]
)
def test_sounds_follow_one_another_in_time_with_a_chapter_each(
    tmp_path: Path, kinds: tuple[str, ...]
) -> None:
    make = MediaMaker(tmp_path)
    paths = [make.beeps(f"part {n}{kind}", beeps=2) for n, kind in enumerate(kinds)]

    book = merged(tmp_path, *paths)

    assert book.duration_s == pytest.approx(6.0, abs=0.15)
    begins = [begin for begin, _ in loud_spans(tmp_path, tmp_path / "book.m4a")]
    assert begins == pytest.approx([0, 1, 2, 3, 4, 5], abs=0.1)
    with av.open(str(tmp_path / "book.m4a")) as opened:
        chapters = [chapter["metadata"]["title"] for chapter in opened.chapters()]
        assert chapters == ["part 0", "part 1", "part 2"]
        assert not [stream for stream in opened.streams if stream.type == "video"]
    assert inspect(tmp_path / "book.m4a", run=runner_in(tmp_path)).format == "m4a"


def test_a_book_is_an_m4a(tmp_path: Path) -> None:
    path = MediaMaker(tmp_path).tone("a.wav")

    with pytest.raises(InvalidInput, match=r"Choose \.m4a"):
        merged(tmp_path, path, name="book.mp3")
