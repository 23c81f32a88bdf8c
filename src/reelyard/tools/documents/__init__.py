"""Texts as they come: plain, Markdown and Word files, read in limited children."""

from reelyard.tools.documents.reading import Summary, read_document, summarise

__all__ = ["Summary", "read_document", "summarise"]
