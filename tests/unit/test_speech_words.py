from reelyard.media.transcript import Segment, Transcript, Word
from reelyard.tools.captions import CueStyle, cues
from reelyard.tools.speech.windows import RATE, Span, placed
from reelyard.tools.speech.words import whole_words


def test_a_piece_without_a_space_before_it_belongs_to_the_word_ahead() -> None:
    words = whole_words(
        [(" well", 0.0, 0.4, 0.9), ("-known", 0.4, 0.8, 0.5), (" man.", 0.8, 1.0, 0.8), (" ", 1, 1, 1)]
    )

    assert words == (Word(0.0, 0.8, "well-known", 0.5), Word(0.8, 1.0, "man.", 0.8))


def test_pieces_of_a_script_without_spaces_stay_words() -> None:
    assert [w.text for w in whole_words([("你", 0, 1, 1), ("好", 1, 2, 1)])] == ["你", "好"]


CHINESE = Segment(1, 0.0, 4.0, "你好世界", tuple(Word(i, i + 1, text) for i, text in enumerate("你好世界")))


def test_no_spaces_are_put_where_a_script_has_none() -> None:
    first, second = placed([CHINESE], [Span(0, 2 * RATE), Span(10 * RATE, 12 * RATE)])

    assert (first.text, second.text) == ("你好", "世界")


def test_captions_of_such_a_script_keep_its_word_times() -> None:
    transcript = Transcript(4.0, "whisper", "small", segments=(CHINESE,))

    shown = cues(transcript, CueStyle(line_length=2, lines=1))

    assert [(cue.start, cue.lines) for cue in shown] == [(0.0, ("你好",)), (2.0, ("世界",))]
    assert transcript.word_count == 4
