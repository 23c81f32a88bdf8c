"""What commands show: lines, bars, JSON; lengths and sizes for people; the exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from reelyard.cli.exits import Exit, exit_for, outcome
from reelyard.cli.reporting import Bars, JsonLines, Lines, reporter, seconds, size
from reelyard.cli.tally import Tally
from reelyard.client import ClientError
from reelyard.errors import BadSetting, NotFound


def test_lines_tell_progress_every_ten_seconds_and_no_more() -> None:
    now, stream = [0.0], io.StringIO()
    with Lines(lambda: now[0], stream) as show:
        for now[0] in (0.0, 5.0, 10.0, 11.0, 20.5):
            show.progress("talk.mp3", now[0] / 100, "transcribe")
        show.over("talk.mp3")
        show.tell("done", "done talk.mp3")
        show.tell("for machines only", words=3)

    assert stream.getvalue() == "  talk.mp3: 10% transcribe\n  talk.mp3: 20% transcribe\ndone talk.mp3\n"


def test_machines_get_one_object_a_line() -> None:
    stream = io.StringIO()
    with JsonLines(stream) as show:
        show.tell("done", "for people", source=Path("talk.mp3"))
        show.progress("talk.mp3", 0.257, "note")
        show.over("talk.mp3")

    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert told == [
        {"event": "done", "source": "talk.mp3"},
        {"event": "progress", "name": "talk.mp3", "progress": 25.7, "note": "note"},
    ]


def test_bars_come_and_go_and_take_no_text_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars() as show:
        show.progress("a [bold]name[/] that is longer than a terminal has room for.mp3", 0.5, "[red]")
        show.tell("done", "done [talk].mp3")
        show.over("a [bold]name[/] that is longer than a terminal has room for.mp3")
        show.over("never begun")

    assert "done [talk].mp3" in capsys.readouterr().out


def test_letters_that_the_terminal_has_not_are_replaced() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Lines(lambda: 0.0, stream).tell("done", "done café → \udce9")

    stream.seek(0)
    assert stream.read() == "done caf? ? ?\n"


def test_where_there_is_no_terminal_there_are_lines() -> None:
    assert isinstance(reporter(as_json=False, clock=lambda: 0.0), Lines)
    assert isinstance(reporter(as_json=True, clock=lambda: 0.0), JsonLines)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "unknown"), (0.4, "0 s"), (59.6, "1 min 0 s"), (190, "3 min 10 s"), (7500, "2 h 5 min")],
)
def test_lengths_of_time_are_told_for_people(value: float | None, text: str) -> None:
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (123_456_789, "123 MB"), (2.5e12, "2.5 TB")],
)
def test_sizes_are_told_for_people(value: float, text: str) -> None:
    assert size(value) == text


@pytest.mark.parametrize(
    ("succeeded", "failed", "code"),
    [(3, 0, Exit.DONE), (0, 0, Exit.DONE), (3, 1, Exit.SOME_FAILED), (0, 1, Exit.NOTHING_DONE)],
)
def test_the_exit_code_tells_how_many_succeeded(succeeded: int, failed: int, code: Exit) -> None:
    assert outcome(succeeded, failed) is code


def test_errors_of_a_server_have_the_exit_codes_of_our_own() -> None:
    assert exit_for(BadSetting("wrong")) is exit_for(ClientError("invalid_input", "wrong")) is Exit.USAGE
    assert exit_for(NotFound()) is exit_for(ClientError("not_found", "gone")) is Exit.SOME_FAILED


def test_a_long_list_of_problems_is_cut_and_counted() -> None:
    stream = io.StringIO()
    tally = Tally(
        done=["good"], failed=[(f"{n}.mp3", "it broke") for n in range(25)], better="put a model in place"
    )
    tally.made_by["whisper small"] += 1

    tally.tell(Lines(lambda: 0.0, stream), Path("out"), 61.0)

    assert "1 done, 25 failed, in 1 min 1 s. Results are in out." in stream.getvalue()
    assert "  … and 5 more" in stream.getvalue()
    assert "Recognised by whisper small (1)." in stream.getvalue()
    assert tally.exit_code is Exit.SOME_FAILED
