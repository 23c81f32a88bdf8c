"""What the command line takes of a story, and how it shows one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import Shell

from reelyard.cli.chunks import next_step, page
from reelyard.cli.demo import _orders
from reelyard.cli.desk import Wish
from reelyard.cli.sources import ANY, find_sources, likely
from reelyard.cli.stories import Stories, check_story
from reelyard.client import Chunk, Item, Story
from reelyard.client.models import ItemFile, Output
from reelyard.errors import LanguageUnsupported, ModelUnavailable, UnknownVoice
from reelyard.media.info import Kind

VOICES: list[dict[str, Any]] = [
    {
        "id": "espeak:de",
        "name": "German",
        "language": "de",
        "engine": "espeak",
        "gender": None,
        "version": "1",
    }
]
SETTINGS: dict[str, Any] = {
    "audio": True, "images": True, "voice": "auto", "language": "de", "rewrite": False, "image_maker": "auto",
}  # fmt: skip


def output(role: str) -> Output:
    return Output(id=role, role=role, stage="s", file_name=role, size=1, sha256="", url="")


def item(*roles: str, **facts: Any) -> Item:
    file = ItemFile(id="f", name="sea.txt", status="ready")
    outputs = tuple(map(output, roles))
    return Item(
        id="i", batch_id="b", position=1, file=file, status="completed", outputs=outputs, result={"a": facts}
    )


def wish(**changes: Any) -> Wish:
    return Wish("story", SETTINGS | changes, Stories())


def test_the_whole_stands_at_the_top_of_a_storys_folder_and_chunks_below_it() -> None:
    taken = Stories().files(item("story.mp4", "narration.mp3", "narration-0001.mp3", "picture-0001.jpg"))

    assert list(taken) == ["/story.mp4", "/narration.mp3", "/chunks/0001.mp3", "/chunks/0001.jpg"]


def test_no_file_of_a_chunk_takes_the_place_of_another() -> None:
    taken = Stories().files(item("a-0001.json", "b-0001.json"))

    assert [each.role for each in taken.values()] == ["a-0001.json", "b-0001.json"]


def test_a_story_is_told_of_by_what_was_made() -> None:
    facts = {"title": "The Sea", "words": 10, "chunks": 1, "duration_s": 4.2, "voice": {"name": "German"}}

    assert Stories().account(item(**facts, pictures=2)).text == (
        "“The Sea”, 10 words in 1 chunk, 4 s read by German, 2 pictures"
    )
    silent = Stories().account(item(title="The Sea", words=10, chunks=2))
    assert silent.text == "“The Sea”, 10 words in 2 chunks"
    assert silent.made_by is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"voice": "nobody"}, UnknownVoice),
        ({"language": "fr"}, LanguageUnsupported),
        ({"rewrite": True}, ModelUnavailable),
        ({"image_maker": "server"}, ModelUnavailable),
    ],
)
def test_what_the_workers_do_not_have_is_refused_first(
    changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_story({"inventory": {"voices": VOICES, "variants": []}}, wish(**changes))


@pytest.mark.parametrize(
    "changes", [{}, {"audio": False, "voice": "nobody"}, {"images": False, "image_maker": "server"}]
)
def test_what_is_not_needed_is_not_looked_for(changes: dict[str, Any]) -> None:
    check_story({"inventory": {"voices": VOICES, "variants": []}}, wish(**changes))
    check_story({"inventory": {}}, wish(voice="nobody"))


def test_texts_are_taken_out_of_folders_and_media_are_left(tmp_path: Path) -> None:
    for name in ("a.txt", "b.DOCX", "c.md", "d.doc", "e.mp3", "f.pdf"):
        (tmp_path / name).touch()

    found = find_sources([str(tmp_path)], likely("text", {Kind.DOCUMENT}))

    assert [source.path.name for source in found.sources] == ["a.txt", "b.DOCX", "c.md", "d.doc"]
    assert found.left_out == 2


def test_a_demonstration_sorts_what_it_is_given_by_its_content(tmp_path: Path) -> None:
    contents = {
        "film.bin": b"\x1aE\xdf\xa3" + b"\x42\x82\x84webm" * 4,
        "note.mp3": b"The words of a text, whatever it is called.",
        "tone.wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
        "empty.txt": b"",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    sources = find_sources([str(tmp_path / name) for name in contents], ANY).sources

    orders = {wish.pipeline: [one.path.name for one in found] for _, wish, found in _orders(sources)}

    assert orders == {
        "transcription": ["tone.wav", "empty.txt"],
        "video": ["film.bin"],
        "story": ["note.mp3"],
    }


def test_a_story_is_shown_chunk_by_chunk_in_lines() -> None:
    chunks = (
        Chunk(number=1, text="One.\n\nTwo.", words=2, start_s=0.0, alt="Night: a tower."),
        Chunk(number=2, text="Three.", words=1, voice="espeak:de"),
    )
    story = Story(item_id="i", revision=0, told=True, title="Numbers", words=3, chunks=chunks)

    assert page(story).splitlines() == [
        "“Numbers”: 3 words in 2 chunks (revision 0).",
        "",
        "#  AT       WORDS  VOICE      TEXT       PICTURE",
        "1  0:00.00  2      auto       One. Two.  Night: a tower.",
        "2           1      espeak:de  Three.",
    ]
    assert next_step(story.model_copy(update={"told": False}), "my tale", "2").endswith(
        "Tell it with “reelyard chunks make 'my tale' 2”."
    )


def test_the_help_of_narrate_shows_how_it_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")

    said = Shell(tmp_path, capsys)("narrate", "--help")

    assert said.code == 0
    assert "reelyard narrate tales/ --voice de --style paper-cut" in said.out
    for option in ("--voice", "--style", "--words-per-chunk", "--no-images", "--no-audio", "--no-film", "--movement",
                   "--captions", "--language", "--rate", "--format", "--shape", "--prompt", "--spending-limit"):  # fmt: skip
        assert option in said.out
