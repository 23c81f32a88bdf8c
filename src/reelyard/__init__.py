"""Reelyard takes many recordings, films or texts at once and brings back transcripts, films and stories."""

__version__ = "0.1.0"
