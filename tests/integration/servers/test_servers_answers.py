"""What a stage gets from servers that answer well, and what it hears of those that do not."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path
from typing import Any

import pytest
from tests.support.servers import HURRY, KEY, Yard, asking, environ_for
from tests.support.stub_server import A_WORD_S, Mode, Stub, png

from reelyard.errors import ServerRefused, ServerUnavailable, SpendingLimit
from reelyard.kit.processes import runner_in
from reelyard.tools.servers.asking import Patience
from reelyard.tools.servers.clients import ImageServer, Message, SpeechServer, TextServer
from reelyard.tools.servers.configured import ServerKind

ONCE = Patience(tries=1, first_wait_s=0.01)
SHAPE = (320, 180)


def text_server(stub: Stub, at: Yard, tmp_path: Path, patience: Patience = HURRY, **more: Any) -> TextServer:
    environ = environ_for(stub, ServerKind.TEXT, more.pop("data", at.folder / "data"), **more)
    return TextServer(*asking(at, environ, ServerKind.TEXT, patience))


def speech_server(
    stub: Stub, at: Yard, tmp_path: Path, patience: Patience = HURRY, **more: Any
) -> SpeechServer:
    environ = environ_for(
        stub, ServerKind.SPEECH, more.pop("data", at.folder / "data"), voices=["alloy"], **more
    )
    return SpeechServer(*asking(at, environ, ServerKind.SPEECH, patience))


def image_server(
    stub: Stub, at: Yard, tmp_path: Path, patience: Patience = HURRY, **more: Any
) -> ImageServer:
    environ = environ_for(
        stub, ServerKind.IMAGE, more.pop("data", at.folder / "data"), sizes=["512x512", "96x64"], **more
    )
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    return ImageServer(*asking(at, environ, ServerKind.IMAGE, patience), work, runner_in(work))


def told(server: TextServer, words: str = "Once upon a time.") -> str:
    return server.tell([Message("system", "Tell it anew."), Message("user", words)], 500)


def jpeg_size(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    at = data.index(b"\xff\xc0")
    height, width = struct.unpack(">HH", data[at + 5 : at + 9])
    return width, height


def test_a_text_server_tells_a_text(stub: Stub, at: Yard, tmp_path: Path) -> None:
    stub.reply = "Long ago, there was a fox."

    answer = told(text_server(stub, at, tmp_path))

    assert answer == "Long ago, there was a fox."
    (asked,) = stub.received
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body["model"] == "stub-1"
    assert asked.body["messages"][1] == {"role": "user", "content": "Once upon a time."}


def test_a_speech_server_speaks_a_text(stub: Stub, at: Yard, tmp_path: Path) -> None:
    sound = speech_server(stub, at, tmp_path).speak("one two three four five", "alloy", "calmly", 1.25)

    with wave.open(io.BytesIO(sound)) as found:
        assert found.getnframes() / found.getframerate() == pytest.approx(5 * A_WORD_S)
    (asked,) = stub.received
    assert asked.path == "/v1/audio/speech"
    assert asked.body == {
        "model": "stub-1",
        "input": "one two three four five",
        "voice": "alloy",
        "instructions": "calmly",
        "speed": 1.25,
        "response_format": "wav",
    }


def test_a_long_sound_comes_in_pieces_and_whole(stub: Stub, at: Yard, tmp_path: Path) -> None:
    words = 150  # a megabyte

    sound = speech_server(stub, at, tmp_path).speak("word " * words, "alloy", "", 1.0)

    with wave.open(io.BytesIO(sound)) as found:
        assert found.getnframes() / found.getframerate() == pytest.approx(words * A_WORD_S)


def test_an_image_server_makes_a_picture_of_the_ordered_size(stub: Stub, at: Yard, tmp_path: Path) -> None:
    picture = image_server(stub, at, tmp_path).picture("a fox in the snow", SHAPE, 4)

    assert jpeg_size(picture) == SHAPE
    (asked,) = stub.received
    assert asked.path == "/v1/images/generations"
    assert (asked.body["size"], asked.body["seed"], asked.body["n"]) == ("96x64", 4, 1)


def test_a_picture_that_lies_on_the_same_server_is_fetched(stub: Stub, at: Yard, tmp_path: Path) -> None:
    stub.mode = Mode.OWN_URL

    picture = image_server(stub, at, tmp_path).picture("a fox", SHAPE, 1)

    assert jpeg_size(picture) == SHAPE
    assert [one.path for one in stub.received] == ["/v1/images/generations", "/made/picture.png"]


def test_a_field_that_the_server_does_not_know_is_left_out_from_then_on(
    stub: Stub, at: Yard, tmp_path: Path
) -> None:
    stub.mode = Mode.NO_SEED
    server = image_server(stub, at, tmp_path, model="knows no seeds")

    server.picture("a fox", SHAPE, 1)
    server.picture("a hare", SHAPE, 2)

    assert ["seed" in one.body for one in stub.received] == [True, False, False]


def test_what_the_settings_add_is_part_of_each_request(stub: Stub, at: Yard, tmp_path: Path) -> None:
    told(text_server(stub, at, tmp_path, extra='{"temperature": 0.2}'))

    assert stub.received[0].body["temperature"] == 0.2


def test_a_redirect_on_the_same_server_is_followed(stub: Stub, at: Yard, tmp_path: Path) -> None:
    stub.mode, stub.reply = Mode.MOVED, "Here."

    answer = told(text_server(stub, at, tmp_path))

    assert answer == "Here."
    assert stub.received[1].path == "/v2/v1/chat/completions"


def test_a_server_that_is_busy_is_asked_again_when_it_says_so(stub: Stub, at: Yard, tmp_path: Path) -> None:
    stub.mode, stub.reply, stub.retry_after = Mode.BUSY, "Now.", "0.05"

    answer = told(text_server(stub, at, tmp_path, price=1.0))

    assert (answer, stub.count, len(at.spent)) == ("Now.", 2, 1)


def test_a_server_that_fails_twice_is_asked_three_times_and_paid_once(
    stub: Stub, at: Yard, tmp_path: Path
) -> None:
    stub.mode = Mode.FAILS_TWICE

    picture = image_server(stub, at, tmp_path, price=0.04).picture("a fox", SHAPE, 1)

    assert picture.exists()
    assert (stub.count, at.spent) == (3, [0.04])


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (Mode.FAILS, "error 503"),
        (Mode.SLOW, "did not answer in time"),
        (Mode.DRIBBLE, "did not answer in time"),
        (Mode.SLOW_BODY, "in time"),
        (Mode.TRUNCATED, "connection broke"),
    ],
)
def test_a_fault_that_may_pass_is_left_to_a_later_attempt(
    stub: Stub, at: Yard, tmp_path: Path, mode: Mode, reason: str
) -> None:
    stub.mode = mode
    patience = Patience(tries=2, first_wait_s=0.01)

    with pytest.raises(ServerUnavailable, match=reason) as caught:
        told(text_server(stub, at, tmp_path, patience, timeout_s=0.3))

    assert stub.count == 2
    assert "127.0.0.1" in caught.value.message
    assert "asked 2 times for the text" in caught.value.message
    assert "REELYARD_TEXT_SERVER__URL" in (caught.value.hint or "")


def test_each_try_that_the_server_may_charge_for_is_spent(stub: Stub, at: Yard, tmp_path: Path) -> None:
    stub.mode, at.purse = Mode.TRUNCATED, 0.05
    patience = Patience(tries=4, first_wait_s=0.01)

    with pytest.raises(SpendingLimit):
        image_server(stub, at, tmp_path, patience, price=0.02).picture("a fox", SHAPE, 1)

    assert (stub.count, at.spent) == (2, [0.02, 0.02])


def test_nothing_is_asked_when_nothing_is_left_to_spend(stub: Stub, at: Yard, tmp_path: Path) -> None:
    at.purse = 0.01

    with pytest.raises(SpendingLimit):
        speech_server(stub, at, tmp_path, price=0.02).speak("one", "alloy", "", 1.0)

    assert stub.count == 0


def test_a_server_that_asks_for_a_long_time_is_left_alone(stub: Stub, at: Yard, tmp_path: Path) -> None:
    stub.mode, stub.retry_after = Mode.ALWAYS_BUSY, "3600"

    with pytest.raises(ServerUnavailable, match="It asks to wait 3600 s"):
        told(text_server(stub, at, tmp_path, data=tmp_path / "data"))

    assert stub.count == 1


def test_a_server_that_is_not_there_is_named(stub: Stub, at: Yard, tmp_path: Path) -> None:
    with pytest.raises(ServerUnavailable, match=r"127\.0\.0\.1:9 was asked once .* it cannot be reached"):
        told(text_server(stub, at, tmp_path, ONCE, url="http://127.0.0.1:9/v1"))

    assert stub.count == 0


@pytest.mark.parametrize(
    ("mode", "reason", "way_out"),
    [
        (Mode.NOT_JSON, "not JSON", "settings of the text server"),
        (Mode.HTML, "a web page", "it may lack /v1"),
        (Mode.EMPTY, "not JSON", "settings"),
        (Mode.HUGE, "larger than the 1 MB", "settings"),
        (Mode.ENDLESS, "larger than the 1 MB", "settings"),
        (Mode.ELSEWHERE, r"on to elsewhere\.example, which was not configured", "address of that server"),
        (Mode.UNAUTHORISED, r"does not accept the key \(401\)", "REELYARD_TEXT_SERVER__KEY"),
        (Mode.NO_CREDIT, "no credit left", "settings"),
        (Mode.REFUSES, r"error 400 \(400\).*rejected by our safety system", "something else"),
    ],
)
def test_an_answer_that_is_of_no_use_is_refused_at_once(
    stub: Stub, at: Yard, tmp_path: Path, mode: Mode, reason: str, way_out: str
) -> None:
    stub.mode = mode

    with pytest.raises(ServerRefused, match=reason) as caught:
        told(text_server(stub, at, tmp_path))

    assert stub.count == 1
    assert "The text server 127.0.0.1" in caught.value.message
    assert way_out in (caught.value.hint or "")
    assert KEY not in str(caught.value)
    assert KEY[:10] not in str(caught.value)


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (Mode.BASE64, "not in Base64"),
        (Mode.NO_PICTURE, "no PNG, JPEG or WebP"),
        (Mode.FOREIGN_URL, "on another server"),
        (Mode.HTML, "a web page"),
        (Mode.TRUNCATED, "connection broke"),
    ],
)
def test_a_picture_that_is_none_is_refused(
    stub: Stub, at: Yard, tmp_path: Path, mode: Mode, reason: str
) -> None:
    stub.mode = mode

    with pytest.raises((ServerRefused, ServerUnavailable), match=reason):
        image_server(stub, at, tmp_path, ONCE).picture("a fox", SHAPE, 1)

    assert list((tmp_path / "work").iterdir()) == []


def test_a_picture_that_cannot_be_decoded_is_refused(stub: Stub, at: Yard, tmp_path: Path) -> None:
    whole = png(64, 64)
    stub.picture = whole[:40] + bytes(len(whole) - 40)

    with pytest.raises(ServerRefused, match="cannot be read"):
        image_server(stub, at, tmp_path).picture("a fox", SHAPE, 1)


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (Mode.EMPTY, "its sound is empty"),
        (Mode.NOT_JSON, "its sound is empty"),
        (Mode.HUGE, "larger than the 200 MB"),
    ],
)
def test_a_sound_that_is_none_is_refused(
    stub: Stub, at: Yard, tmp_path: Path, mode: Mode, reason: str
) -> None:
    stub.mode = mode

    with pytest.raises(ServerRefused, match=reason):
        speech_server(stub, at, tmp_path, ONCE).speak("one two", "alloy", "", 1.0)


def test_an_answer_longer_than_what_was_wanted_is_refused(stub: Stub, at: Yard, tmp_path: Path) -> None:
    stub.reply = "word " * 200

    with pytest.raises(ServerRefused, match="more than the 500 characters"):
        told(text_server(stub, at, tmp_path))
