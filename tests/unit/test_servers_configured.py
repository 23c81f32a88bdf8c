"""How servers are configured, what is told of them, and where their keys never are."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.stub_server import png

from reelyard.bootstrap import servers_environment
from reelyard.errors import BadSetting, ModelUnavailable
from reelyard.http.v1.service import list_servers
from reelyard.settings import load_settings
from reelyard.tools.servers.answers import check_picture, check_sound, text_of
from reelyard.tools.servers.asking import Patience
from reelyard.tools.servers.clients import nearest_size, speech_facts
from reelyard.tools.servers.configured import (
    ServerKind,
    find_server,
    find_servers,
    identity_of,
    inventory,
    required,
)
from reelyard.tools.servers.failures import Passing, Turned, retry_after, shown, status_failure
from reelyard.tools.servers.picture_files import picture_format
from reelyard.tools.servers.pricing import price_in, price_of
from reelyard.tools.servers.service import servers_service
from reelyard.tools.voices.choice import SpeechServerFacts

KEY = "sk-a-very-secret-key-0815"
IMAGES = {"url": "https://draws.example", "key": KEY, "model": "painter", "price": 0.04}


def test_settings_reach_a_worker_by_its_environment() -> None:
    settings = load_settings(
        image_server=IMAGES,
        speech_server={
            "url": "http://[::1]:8000/api/",
            "model": "talker",
            "voices": ["a", "b"],
            "at_once": 1,
        },
    )

    found = servers_environment(settings)

    images, speech = find_server(found, ServerKind.IMAGE), find_server(found, ServerKind.SPEECH)
    assert images is not None
    assert speech is not None
    assert (images.url, images.host, images.price) == ("https://draws.example/v1", "draws.example", 0.04)
    assert images.sizes[0] == "1024x1024"
    assert (speech.url, speech.host, speech.voices) == ("http://[::1]:8000/api", "[::1]:8000", ("a", "b"))
    assert speech.at_once == 1
    assert find_server(found, ServerKind.TEXT) is None


def test_a_key_is_nowhere_but_in_the_environment_of_the_child_that_asks() -> None:
    settings = load_settings(image_server=IMAGES)
    environ = servers_environment(settings)

    service = servers_service(environ)
    seen = [
        repr(settings),
        str(settings.model_dump()),
        settings.model_dump_json(),
        repr(find_servers(environ)),
        json.dumps([asdict(one) for one in find_servers(environ)]),
        json.dumps(inventory(environ)),
        str(service.command),
        repr(service),
    ]

    assert not [text for text in seen if KEY in text]
    assert KEY in dict(service.command.env).values()
    assert service.command.network
    assert service.command.reads == ()


def test_what_is_told_of_a_server_is_its_host_and_model() -> None:
    told = inventory(servers_environment(load_settings(image_server=IMAGES)))

    image: Any = told["image"]
    assert (image["host"], image["model"]) == ("draws.example", "painter")
    assert set(image) == {"host", "model", "price", "digest"}
    assert set(identity_of(image)) == {"host", "model", "digest"}
    assert price_in(told, ServerKind.IMAGE) == 0.04
    assert price_in(told, ServerKind.TEXT) == 0.0


def test_the_api_names_kind_host_and_model_and_nothing_else() -> None:
    services: Any = SimpleNamespace(settings=load_settings(image_server=IMAGES))

    told = list_servers("somebody", services).model_dump()

    assert told == {"data": [{"kind": "image", "host": "draws.example", "model": "painter"}]}


def test_the_voices_of_a_speech_server_are_told_to_those_who_choose_one() -> None:
    environ = servers_environment(
        load_settings(speech_server={"url": "http://localhost:1", "model": "m", "voices": ["alloy"]})
    )

    facts = speech_facts(inventory(environ))

    assert facts is not None
    assert SpeechServerFacts(**facts) == SpeechServerFacts("localhost:1", "m", ("alloy",))
    assert speech_facts({}) is None


def test_what_is_missing_says_how_to_set_it() -> None:
    with pytest.raises(ModelUnavailable) as caught:
        required(ServerKind.SPEECH, {})

    assert "REELYARD_SPEECH_SERVER__URL" in (caught.value.hint or "")
    assert "REELYARD_SPEECH_SERVER__VOICES" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "https://me:pw@draws.example", "model": "m"}, "url"),
        ({"url": "ftp://draws.example", "model": "m"}, "url"),
        ({"url": "https://draws.example/v1?key=1", "model": "m"}, "url"),
        ({"url": "draws.example", "model": "m"}, "url"),
        ({"url": "https://draws.example"}, "a server needs a model"),
        ({**IMAGES, "key": f"{KEY}\nx: y"}, "one word of plain characters"),
        ({**IMAGES, "extra": "[1]"}, "JSON object"),
        ({**IMAGES, "sizes": ["large"]}, "sizes"),
        ({**IMAGES, "at_once": 0}, "at_once"),
    ],
)
def test_what_cannot_be_right_is_refused_at_the_start(given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadSetting, match=r"image_server") as caught:
        load_settings(image_server=given)

    assert field in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_speech_server_without_voices_is_refused() -> None:
    with pytest.raises(BadSetting, match="needs the names of its voices"):
        load_settings(speech_server={"url": "http://localhost:1", "model": "m"})


def test_prices_are_of_requests_and_of_a_thousand_characters() -> None:
    assert price_of(ServerKind.IMAGE, 0.04, requests=3) == pytest.approx(0.12)
    assert price_of(ServerKind.SPEECH, 0.5) == 0.5
    assert price_of(ServerKind.TEXT, 0.002, characters=2_500) == pytest.approx(0.005)


@pytest.mark.parametrize(
    ("wanted", "size"),
    [((1920, 1080), "1536x1024"), ((1080, 1920), "1024x1536"), ((1080, 1080), "1024x1024")],
)
def test_the_size_is_asked_for_of_which_least_is_cut_away(wanted: tuple[int, int], size: str) -> None:
    assert nearest_size(("1024x1024", "1536x1024", "1024x1536"), wanted) == size


def test_of_sizes_of_one_shape_the_smallest_that_is_large_enough_is_asked_for() -> None:
    assert nearest_size(("256x256", "512x512", "1024x1024"), (400, 400)) == "512x512"
    assert nearest_size(("256x256", "512x512"), (800, 800)) == "512x512"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0),
        ("Thu, 01 Jan 1970 00:00:05 GMT", 0.0),
        ("-3", 0.0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
    ],
)
def test_a_server_asks_to_wait_in_seconds_or_until_a_time(said: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": said}, now=10.0) == seconds


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_errors_that_pass(status: int) -> None:
    found = status_failure(status, b"", {}, None)

    assert isinstance(found, Passing)
    assert not found.charged


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 413, 422])
def test_errors_that_stay(status: int) -> None:
    assert isinstance(status_failure(status, b"<html>", {}, KEY), Turned)


def test_what_a_server_says_is_shown_in_one_line_without_the_key() -> None:
    said = shown(f"No:\n\x1b[31m“{KEY}” is wrong, ends with {KEY[-7:]}, {'x' * 400}", KEY)

    assert said.startswith("No: [31m“…” is wrong, ends with … x")
    assert len(said) <= 240
    assert KEY[-7:] not in said


def test_waits_grow_and_what_a_server_asks_for_is_kept() -> None:
    patience = Patience(first_wait_s=1.0, longest_wait_s=5.0)

    assert [patience.wait_s(tried, None, 1.0) for tried in (1, 2, 3, 4)] == [1.0, 2.0, 4.0, 5.0]
    assert patience.wait_s(1, None, 0.0) == 0.5
    assert patience.wait_s(1, 30.0, 0.5) >= 30.0


def jpeg(width: int, height: int) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes(9)
    return b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2" + struct.pack(">H", len(frame) + 2) + frame


def webp(kind: bytes, rest: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + rest + bytes(20)


@pytest.mark.parametrize(
    ("data", "decoder", "size"),
    [
        (png(30, 20), "png", (30, 20)),
        (jpeg(640, 480), "mjpeg", (640, 480)),
        (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 64, 48)), "webp", (64, 48)),
        (webp(b"VP8L", b"\x2f" + struct.pack("<I", 63 | 47 << 14)), "webp", (64, 48)),
        (webp(b"VP8X", b"\0\0\0\0" + b"\x3f\0\0" + b"\x2f\0\0"), "webp", (64, 48)),
    ],
)
def test_pictures_are_told_and_measured_by_their_beginnings(
    data: bytes, decoder: str, size: tuple[int, int]
) -> None:
    found = picture_format(data)

    assert (found.decoder, (found.width, found.height)) == (decoder, size)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(20),
        b"<svg/>",
        jpeg(0, 10),
        jpeg(20_000, 20_000),
        jpeg(10, 10)[:12],
        b"\xff\xd8\xff" + bytes(40),
        webp(b"VP8X", b"\x02\0\0\0" + bytes(6)),
        webp(b"ABCD", b""),
    ],
)
def test_other_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(Turned, match="it answered with"):
        check_picture(data)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({}, "choices"),
        ([], "choices"),
        ({"choices": []}, "choices"),
        ({"choices": [{"message": None}]}, "no message"),
        ({"choices": [{"message": {"content": None}}]}, "no text"),
        ({"choices": [{"message": {"content": None, "refusal": "I will not."}}]}, "refused"),
        ({"choices": [{"message": {"content": "x"}, "finish_reason": "content_filter"}]}, "refused"),
    ],
)
def test_answers_without_words_are_refused(answer: Any, reason: str) -> None:
    with pytest.raises(Turned, match=reason):
        text_of(answer)


def test_words_in_pieces_are_put_together_and_cut_ones_are_known() -> None:
    content = [{"type": "text", "text": "Once "}, {"type": "text", "text": "more."}]

    assert text_of({"choices": [{"message": {"content": content}, "finish_reason": "length"}]}) == (
        "Once more.",
        True,
    )


def test_a_sound_is_known_by_its_beginning() -> None:
    check_sound(b"RIFF\0\0\0\0WAVEfmt " + bytes(80), 5_000, "audio/wav")

    with pytest.raises(Turned, match="which is no sound"):
        check_sound(b'{"error": "no"}' + bytes(80), 5_000, "application/json")


def test_limits_hold_in_the_data_folder_where_there_is_one(tmp_path: Path) -> None:
    environ = {**servers_environment(load_settings(image_server=IMAGES)), "REELYARD_DATA": str(tmp_path)}

    command = servers_service(environ).command

    assert command.writes == (tmp_path / "scratch" / "servers",)
    assert command.writes[0].is_dir()
