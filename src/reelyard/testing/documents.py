"""Honest documents for tests: the same blocks as TXT, Markdown and DOCX; Word 97 is in `word97`, traps in `traps`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from reelyard.media.document import Block, BlockKind

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONS = (
    f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
TYPES = (
    f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
STYLES = (
    # As a German Word names them: what they are stands in the English name.
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="berschrift{n}"><w:name w:val="heading {n}"/></w:style>'
        for n in range(1, 7)
    )
    + '<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/></w:style>'
    + '<w:style w:type="paragraph" w:styleId="Meine"><w:name w:val="My own"/><w:basedOn w:val="berschrift2"/></w:style>'
    + '<w:style w:type="character" w:styleId="Geheim"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
        for n in range(9)
    )
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
    '<w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)


def docx(blocks: Sequence[Block], *, title: str | None = None) -> bytes:
    """A DOCX of these blocks; rows that follow each other become a table."""
    return docx_of("".join(_as_xml(blocks)), title=title)


def docx_of(body: str, *, title: str | None = None, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A DOCX with this XML as its body, and more parts by their names."""
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title or "")}</dc:title></cp:coreProperties>'
    )
    return packed(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS,
            "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
            "word/styles.xml": part("styles", STYLES),
            "word/numbering.xml": part("numbering", NUMBERING),
            "docProps/core.xml": DECLARATION + core,
            **(parts or {}),
        }
    )


def part(name: str, inside: str) -> str:
    """A part of WordprocessingML with the root element `name`."""
    return f"{DECLARATION}<w:{name} {NAMESPACES}>{inside}</w:{name}>"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of these parts."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def run(text: str, properties: str = "") -> str:
    """A run of text; `properties` is the inside of its w:rPr."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; one that is no XML is made a run."""
    inside = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table of cells; a cell that is no XML is made a paragraph."""
    lines = ("".join(f"<w:tc>{_cell(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"


def _cell(cell: str) -> str:
    return cell if cell.startswith("<") else paragraph(cell)


def _as_xml(blocks: Sequence[Block]) -> Iterator[str]:
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        if kind is BlockKind.ROW:
            yield table(*(block.text.split(", ") for block in group))
        else:
            yield from (_as_paragraph(block) for block in group)


def _as_paragraph(block: Block) -> str:
    match block.kind:
        case BlockKind.HEADING:
            return paragraph(run(block.text), properties=f'<w:pStyle w:val="berschrift{block.level}"/>')
        case BlockKind.ITEM:
            level = f'<w:numPr><w:ilvl w:val="{block.level}"/><w:numId w:val="1"/></w:numPr>'
            return paragraph(run(block.text), properties=level)
        case BlockKind.QUOTE:
            return paragraph(run(block.text), properties='<w:pStyle w:val="Zitat"/>')
        case BlockKind.BREAK:
            return paragraph(run("* * *"))
        case _:
            return paragraph(run(block.text))


def markdown(blocks: Sequence[Block]) -> str:
    """The same as Markdown."""
    return "\n\n".join(_as_markdown(blocks)) + "\n"


def _as_markdown(blocks: Sequence[Block]) -> Iterator[str]:
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [(block.text.replace("*", r"\*").replace("_", r"\_"), block.level) for block in group]
        if kind is BlockKind.ROW:
            rows = [f"| {text.replace(', ', ' | ')} |" for text, _ in texts]
            columns = texts[0][0].count(", ") + 1
            yield "\n".join([rows[0], "|" + "---|" * columns, *rows[1:]])
        elif kind is BlockKind.ITEM:
            yield "\n".join(f"{'    ' * level}- {text}" for text, level in texts)
        else:
            marks = {BlockKind.HEADING: "#", BlockKind.QUOTE: ">"}
            for text, level in texts:
                mark = marks.get(kind, "") * max(1, level)
                yield "* * *" if kind is BlockKind.BREAK else f"{mark} {text}".strip()
            if kind is BlockKind.QUOTE:
                yield "<!-- -->"


def txt(blocks: Sequence[Block]) -> str:
    """The same as plain text, a blank line between blocks; cells of a row are parted by tabs."""
    return "\n\n".join(_as_text(blocks)) + "\n"


def _as_text(blocks: Sequence[Block]) -> Iterator[str]:
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        if kind is BlockKind.ROW:
            yield "\n".join(block.text.replace(", ", "\t") for block in group)
        elif kind is BlockKind.ITEM:
            yield "\n".join(f"{'    ' * block.level}- {block.text}" for block in group)
        else:
            yield from ("* * *" if kind is BlockKind.BREAK else block.text for block in group)
