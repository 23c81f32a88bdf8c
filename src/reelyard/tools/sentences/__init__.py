"""Where sentences end, and the chunks that a story is told in."""

from reelyard.tools.sentences.chunks import chunked
from reelyard.tools.sentences.clauses import shortened
from reelyard.tools.sentences.splitting import sentences, split, supported

__all__ = ["chunked", "sentences", "shortened", "split", "supported"]
