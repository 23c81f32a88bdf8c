"""eSpeak NG in its child: every sentence has its sound, at the times that are told, whatever the text looks like."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support.narration import Speaker, Told, rms, with_manner

from reelyard.errors import Reject
from reelyard.tools.narration.chunk import narrate_chunk, spoken_key
from reelyard.tools.narration.loudness import integrated
from reelyard.tools.narration.order import RATE, Manner
from reelyard.tools.voices.languages import SENTENCES

HEARD = 300.0  # root mean square of speech, of 32,768
SILENT = 12.0


def texts(told: Told) -> list[str]:
    return [segment.text for segment in told.facts.segments]


def assert_every_sentence_is_heard(told: Told) -> None:
    for segment in told.facts.segments:
        assert rms(told.between(segment.start, segment.end)) > HEARD, segment
    assert not told.facts.warnings


def test_each_sentence_is_heard_between_its_times_and_nothing_is_heard_between_sentences(
    speaker: Speaker,
) -> None:
    told = speaker.say("The old man looked at the boats. Then he left!", "Nobody knew why, did they?")

    assert texts(told) == ["The old man looked at the boats.", "Then he left!", "Nobody knew why, did they?"]
    assert_every_sentence_is_heard(told)
    ends = [0.0, *(segment.end for segment in told.facts.segments)]
    starts = [*(segment.start for segment in told.facts.segments), told.facts.seconds]
    for end, start in zip(ends, starts, strict=True):
        assert start - end >= 0.04
        assert rms(told.between(end + 0.02, start - 0.005)) < SILENT


def test_a_word_is_heard_from_the_time_that_is_told_for_it(speaker: Speaker) -> None:
    # words that begin with a burst behind a silence, so that where they begin can be seen
    told = speaker.say("Ten, cats, talk, quite, calmly, today.")

    words = told.facts.segments[0].words
    assert [word.text for word in words] == ["Ten,", "cats,", "talk,", "quite,", "calmly,", "today."]
    for word in words:
        before = rms(told.between(word.start - 0.035, word.start - 0.005))
        after = rms(told.between(word.start, word.start + 0.15))
        assert after > 10 * max(before, 20.0), word
        assert rms(told.between(word.start, word.end)) > HEARD


def test_words_are_the_texts_own_and_in_order(speaker: Speaker) -> None:
    text = "In 1984 (or was it 1985?) he paid €3.50 for 2 kg of “apples” — don\u2019t ask me why."

    segments = speaker.say(text).facts.segments

    assert " ".join(word.text for segment in segments for word in segment.words) == text
    times = [time for segment in segments for word in segment.words for time in (word.start, word.end)]
    assert times == sorted(times)


@pytest.mark.parametrize(
    "language", ["en", "de", "fr", "es", "ru", "ar", "hi", "cmn", "ja", "tr", "el", "fi"]
)
def test_the_languages_are_spoken(speaker: Speaker, language: str) -> None:
    told = speaker.say(SENTENCES[language], language=language)

    assert "".join(texts(told)).replace(" ", "") == SENTENCES[language].replace(" ", "")
    assert_every_sentence_is_heard(told)
    assert 1.0 < told.facts.seconds < 15.0


@pytest.mark.parametrize(
    ("hostile", "plain"),
    [
        ("[[h@'loU]]", "hello"),
        ("<speak><break time='60s'/>word</speak>", ""),
        ("&lt;audio src='/etc/passwd'/&gt; and more", ""),
        ("before\0behind", "before behind"),
        ("\x01+50S \x01[[ loud \x1b[31m red", ""),
        ("Ignore the voice: <voice name='de'> now </voice>", ""),
    ],
)
def test_a_text_that_looks_like_commands_is_read_as_what_it_is(
    speaker: Speaker, hostile: str, plain: str
) -> None:
    told = speaker.say(f"First of all. {hostile}. And at last.")

    assert_every_sentence_is_heard(told)
    assert told.facts.seconds < 25
    if plain == "hello":  # as phonemes it would be that word; as text its signs are named one by one
        assert told.facts.seconds > speaker.say(f"First of all. {plain}. And at last.").facts.seconds + 0.3


def test_a_sentence_of_five_thousand_characters_is_spoken_to_its_end(speaker: Speaker) -> None:
    words = "one two three four five six seven eight nine ten " * 102

    told = speaker.say(words)

    (segment,) = told.facts.segments
    assert len(segment.text) > 4_900
    assert len(segment.words) == 1_020
    tenths = np.array_split(told.between(segment.start, segment.end), 200)
    assert min(map(rms, tenths)) > HEARD
    times = [word.start for word in segment.words]
    assert max(np.diff(times)) < 2.0


def test_a_word_of_hundreds_of_letters_is_spoken_to_its_end(speaker: Speaker) -> None:
    told = speaker.say("Before " + "banana" * 50 + " behind.")

    first, long, last = told.facts.segments[0].words
    assert (first.text, last.text) == ("Before", "behind.")
    assert long.end - long.start > 15
    assert last.end - last.start < 1.5
    assert not told.facts.warnings


@pytest.mark.parametrize("nonsense", ["A" * 1_000, "ж" * 700, "9" * 300, "\u0301" * 900, "x1" * 100])
def test_no_nonsense_ends_the_child(speaker: Speaker, nonsense: str) -> None:
    assert speaker.say(f"First. {nonsense}. Last.").facts.segments[-1].text == "Last."


def test_a_sentence_without_a_word_is_a_short_silence_and_counted(speaker: Speaker) -> None:
    told = speaker.say("Before.", "—", "* * *", "🫠🫠", "Behind.")

    assert told.facts.silent >= 2
    assert [text for text in texts(told) if text in {"Before.", "—", "Behind."}] == [
        "Before.",
        "—",
        "Behind.",
    ]
    dash = next(segment for segment in told.facts.segments if segment.text == "—")
    assert rms(told.between(dash.start, dash.end)) == 0
    assert not told.facts.warnings


def test_known_emoji_and_numbers_are_spoken(speaker: Speaker) -> None:
    told = speaker.say("😀 🎉.", "1984.", "3.14 %.")

    assert_every_sentence_is_heard(told)
    assert told.facts.silent == 0


def test_paragraphs_without_anything_are_passed_over_and_a_chunk_of_them_is_refused(speaker: Speaker) -> None:
    assert texts(speaker.say("", "  \u00ad\ufeff ", "Words.")) == ["Words."]

    with pytest.raises(Reject, match="no text") as refused:
        speaker.say("", " \t\n", "\0\x07")

    assert refused.value.code == "nothing_to_say"


def test_the_same_order_gives_the_same_bytes_whatever_was_said_before_and_by_whichever_child(
    speaker: Speaker,
) -> None:
    order = speaker.order("Once upon a time there was a house. Nobody lived in it.", voice="en-us+f3")
    first = speaker.tell(order).path.read_bytes()

    speaker.say("Etwas ganz anderes, und zwar geflüstert.", voice="de+whisper")
    second = speaker.tell(order).path.read_bytes()
    speaker.end()
    third = speaker.tell(order).path.read_bytes()

    assert first == second == third


def test_a_chunk_that_was_begun_ahead_is_the_same_as_one_that_was_not(speaker: Speaker) -> None:
    orders = [speaker.order(f"This is number {number}.", "And its end.") for number in range(4)]
    alone = [speaker.tell(order).path.read_bytes() for order in orders]
    target = speaker.folder / "ahead.spoken"

    ahead = []
    for number, order in enumerate(orders):
        narrate_chunk(order, target, speaker.studio, orders[number + 1 : number + 2])
        ahead.append(target.read_bytes())
    narrate_chunk(orders[0], target, speaker.studio, orders[2:4])  # which nobody will ask for

    assert ahead == alone
    assert speaker.tell(orders[1]).path.read_bytes() == alone[1]


@pytest.mark.parametrize("target", [-14.0, -18.0, -23.0, -30.0])
def test_a_chunk_has_its_loudness_and_no_peak_beyond_the_limit(speaker: Speaker, target: float) -> None:
    order = speaker.order("The quick brown fox jumps over the lazy dog. Then it sleeps.", voice="en-us+m3")
    told = speaker.tell(with_manner(order, Manner(loudness=target)))

    found = integrated(told.sound, RATE)
    assert found == pytest.approx(target, abs=1.0)
    assert np.abs(told.sound.astype(np.int32)).max() <= round(32768 * 10 ** (-1 / 20)) + 1


def test_short_chunks_are_as_loud_as_long_ones(speaker: Speaker) -> None:
    for words in ("Yes.", "Chapter one", "A little longer than that, it may be."):
        assert integrated(speaker.say(words).sound, RATE) == pytest.approx(-18, abs=1.0)


def test_pace_and_pause_are_heard(speaker: Speaker) -> None:
    order = speaker.order("The old man looked at the boats on the river.", "And then he left.")
    plain = speaker.tell(order).facts
    fast = speaker.tell(with_manner(order, Manner(rate=2.0))).facts
    wide = speaker.tell(with_manner(order, Manner(paragraph_pause=2.0))).facts
    headed = speaker.tell(replace(order, heading=True)).facts

    def pause(facts: object) -> float:
        first, second = facts.segments  # type: ignore[attr-defined]
        return float(second.start - first.end)

    assert fast.segments[0].end < plain.segments[0].end * 0.65
    assert pause(plain) == pytest.approx(0.6, abs=0.05)
    assert pause(wide) == pytest.approx(2.0, abs=0.05)
    assert pause(headed) == pytest.approx(0.9, abs=0.05)
    assert plain.seconds - plain.segments[-1].end == pytest.approx(0.6, abs=0.05)


def test_pitch_is_in_semitones(speaker: Speaker) -> None:
    def pitch(semitones: float) -> float:
        order = with_manner(speaker.order("Aaaaaaah, ohhhhh, mama."), Manner(pitch=semitones))
        sound = speaker.tell(order).sound.astype(np.float64)
        middle = sound[len(sound) // 8 : len(sound) // 8 + 8192]
        wave = np.fft.irfft(np.abs(np.fft.rfft(middle, 16384)) ** 2)
        return RATE / (40 + float(np.argmax(wave[40:600])))

    own = pitch(0)
    assert 70 < own < 180
    assert pitch(6) / own == pytest.approx(2 ** (6 / 12), rel=0.15)
    assert pitch(-6) / own == pytest.approx(2 ** (-6 / 12), rel=0.15)


def test_an_unknown_voice_is_refused_by_the_child_too(speaker: Speaker) -> None:
    order = speaker.order("Words.")
    nobody = replace(order.voice, id="espeak:../../etc/passwd")

    with pytest.raises(Reject, match="no voice") as refused:
        speaker.tell(replace(order, voice=nobody))

    assert refused.value.code == "unknown_voice"


def test_the_key_holds_all_that_the_sound_depends_on_and_nothing_else(speaker: Speaker) -> None:
    order = speaker.order("Words.")
    key = spoken_key(order)

    assert spoken_key(with_manner(order, Manner(prompt="whisper"))) == key  # eSpeak takes none
    others = [
        speaker.order("Other words."),
        speaker.order("Words.", voice="en-gb"),
        replace(order, heading=True),
        replace(order, language="de"),
        *(
            with_manner(order, manner)
            for manner in (
                Manner(rate=1.1),
                Manner(pitch=1.0),
                Manner(paragraph_pause=1.0),
                Manner(loudness=-16.0),
            )
        ),
    ]
    assert all(spoken_key(other) != key for other in others)
