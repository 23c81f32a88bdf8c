"""The text of a story: read from its file, cut into chunks."""

from __future__ import annotations

import json
from dataclasses import replace

from reelyard.errors import Reject
from reelyard.media.document import Document
from reelyard.media.formats import FORMATS
from reelyard.media.info import Kind
from reelyard.media.story import PARAGRAPH, Chunk, Story
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts
from reelyard.pipelines.telling import servers
from reelyard.tools.documents import read_document
from reelyard.tools.sentences import chunked
from reelyard.tools.servers.configured import ServerKind
from reelyard.tools.servers.rewriting import RewriteOrder, rewrite

DOCUMENT, TOLD, CHUNKS, TEXT = "document.json", "document-told.json", "chunks.json", "story.txt"
DETECT = "auto"


def read(context: Context) -> Facts:
    """What the file says, as paragraphs, headings, lists and rows."""
    if context.media.kind is not Kind.DOCUMENT:
        raise Reject(
            "It is sound or film, not a text.",
            code="wrong_kind",
            hint="Send a text; recordings and films can be transcribed.",
        )
    document = read_document(
        context.input,
        FORMATS[context.media.format],
        run=context.run,
        name=context.name,
        workdir=context.workdir,
    )
    if context.settings.language != DETECT:
        document = replace(document, language=context.settings.language)
    for warning in document.warnings:
        context.warn(warning)
    context.out(DOCUMENT).write_text(json.dumps(document.to_json(), ensure_ascii=False), "utf-8")
    return {
        "title": document.title,
        "words": document.words,
        "characters": sum(len(block.text) for block in document.blocks),
        "language": document.language,
        "encoding": document.encoding,
    }


def tell_anew(context: Context) -> Facts:
    """The text as a text server tells it."""
    settings = context.settings
    by = servers.identity(context.tools, ServerKind.TEXT)
    order = RewriteOrder(settings.rewrite_prompt, settings.rewrite_length, by)
    meter = servers.Meter(context)
    ask = servers.text_server(context, meter).tell
    told = rewrite(_document(context), order, ask, context.part, meter)
    for warning in told.warnings:
        context.warn(warning)
    context.out(TOLD).write_text(json.dumps(told.to_json(), ensure_ascii=False), "utf-8")
    return {"words": told.words, "by": by}


def chunk(context: Context) -> Facts:
    """The text in chunks that end with sentences; each is narrated and drawn by itself."""
    story = chunked(_document(context), context.settings.words_per_chunk)
    context.out(CHUNKS).write_text(json.dumps(story.to_json(), ensure_ascii=False, indent=1), "utf-8")
    return {
        "chunks": len(story.chunks),
        "words": story.words,
        "characters": sum(len(chunk.text) for chunk in story.chunks),
        "paragraphs": sum(len(chunk.paragraphs) for chunk in story.chunks),
    }


def write(context: Context) -> Facts:
    """What is told, as plain text: the words of the chunks as they are now."""
    context.out(TEXT).write_text(f"{read_story(context).text}\n", "utf-8")
    return {}


def read_story(context: Context) -> Story:
    """The chunks as they are now, with what their user changed."""
    return Story.from_json(json.loads(context.artifact(CHUNKS).read_bytes()))


def read_original(context: Context) -> Story:
    """The whole text as one chunk, before anybody changed a word of it."""
    document = _document(context)
    text = PARAGRAPH.join(block.text for block in document.blocks if block.text)
    return Story(document.title, document.language, (Chunk(1, text),))


def _document(context: Context) -> Document:
    role = TOLD if context.has(TOLD) else DOCUMENT
    return Document.from_json(json.loads(context.artifact(role).read_bytes()))
