"""The limits of a server hold over all who ask it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reelyard.tools.servers.turns import Limits, Time, Turns


@dataclass
class Clock:
    """Time that passes when somebody sleeps."""

    at: float = 1000.0
    told: list[float] = field(default_factory=list)

    @property
    def time(self) -> Time:
        return Time(lambda: self.at, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def turns(folder: Path, clock: Clock, per_minute: int | None = None, at_once: int = 2) -> Turns:
    return Turns(folder, "text", Limits(per_minute, at_once), clock.time)


def ask(one: Turns, clock: Clock, longest_s: float = 900.0) -> float:
    with one.turn(longest_s, clock.told.append) as too_long:
        return too_long


def test_no_minute_has_more_requests_than_are_allowed_whoever_asks(tmp_path: Path, clock: Clock) -> None:
    workers = [turns(tmp_path, clock, per_minute=3) for _ in range(2)]
    sent = []

    for number in range(8):
        assert ask(workers[number % 2], clock) == 0.0
        sent.append(clock.at)
        clock.sleep(1.0)

    assert all(later - earlier >= 60.0 for earlier, later in zip(sent, sent[3:], strict=False))
    assert sent[-1] - sent[0] < 130.0
    assert clock.told


def test_without_a_limit_nobody_waits(tmp_path: Path, clock: Clock) -> None:
    one = turns(tmp_path, clock)

    assert [ask(one, clock) for _ in range(50)] == [0.0] * 50
    assert clock.at == 1000.0


def test_one_for_whom_it_would_take_too_long_is_told_so_and_takes_nothing(
    tmp_path: Path, clock: Clock
) -> None:
    one = turns(tmp_path, clock, per_minute=1)
    ask(one, clock)

    too_long = ask(one, clock, longest_s=10.0)
    begun = clock.at
    ask(one, clock)

    assert too_long == pytest.approx(60.0)
    assert clock.at - begun == pytest.approx(60.0)


def test_a_pause_that_a_server_asked_for_is_kept_by_all(tmp_path: Path, clock: Clock) -> None:
    turns(tmp_path, clock).pause(20.0)

    ask(turns(tmp_path, clock), clock)

    assert clock.at == pytest.approx(1020.0)


def test_no_more_are_under_way_at_once_than_are_allowed(tmp_path: Path, clock: Clock) -> None:
    one, other = turns(tmp_path, clock, at_once=1), turns(tmp_path, clock, at_once=1)

    with one.turn(900.0, clock.told.append):
        begun = clock.at
        inside = ask(other, clock, longest_s=5.0)
        waited = clock.at - begun
    outside = ask(other, clock)

    assert inside > 0
    assert waited == pytest.approx(5.0, abs=0.2)
    assert outside == 0.0


@pytest.mark.parametrize("state", [b"", b"{", b'{"times": [1e9], "not_before": 1e9}', b'{"times": null}'])
def test_what_was_half_written_or_before_a_new_start_does_not_stand_in_the_way(
    tmp_path: Path, clock: Clock, state: bytes
) -> None:
    (tmp_path / "text.json").write_bytes(state)

    assert ask(turns(tmp_path, clock, per_minute=1), clock) == 0.0
    assert clock.at == 1000.0
