"""Final Cut Pro XML, version 1.9: what Final Cut and Resolve read. Times are exact fractions of a second."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

from reelyard.tools.timelines.edit import Edit

VERSION = "1.9"
_RATES = {
    32000: "32k",
    44100: "44.1k",
    48000: "48k",
    88200: "88.2k",
    96000: "96k",
    176400: "176.4k",
    192000: "192k",
}


def fcpxml(edit: Edit) -> str:
    """The document: one asset, and a project whose spine has a clip for each kept range."""
    root = ET.Element("fcpxml", version=VERSION)
    _resources(ET.SubElement(root, "resources"), edit)
    event = ET.SubElement(ET.SubElement(root, "library"), "event", name=edit.title)
    _sequence(ET.SubElement(event, "project", name=edit.title), edit)
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{body}\n'


def _resources(resources: ET.Element, edit: Edit) -> None:
    form = ET.SubElement(resources, "format", id="r1", frameDuration=_seconds(1, edit))
    form.attrib.update(_size(edit))
    asset = ET.SubElement(
        resources, "asset", id="r2", name=edit.title, start=_seconds(edit.clock.first, edit),
        duration=_seconds(edit.cuts.frames, edit), hasVideo="1", format=form.attrib["id"],
    )  # fmt: skip
    if edit.sound is not None:
        told = {"audioChannels": edit.sound.channels, "audioRate": edit.sound.sample_rate}
        asset.attrib.update({"hasAudio": "1", "audioSources": "1", **{k: str(v) for k, v in told.items()}})
    ET.SubElement(asset, "media-rep", kind="original-media", src=edit.address)


def _sequence(project: ET.Element, edit: Edit) -> None:
    form = "DF" if edit.clock.drop else "NDF"
    sequence = ET.SubElement(
        project,
        "sequence",
        format="r1",
        duration=_seconds(edit.cuts.kept_frames, edit),
        tcStart="0s",
        tcFormat=form,
    )
    if edit.sound is not None:
        channels = {1: "mono", 2: "stereo"}
        sequence.set("audioLayout", channels.get(edit.sound.channels, "surround"))
        sequence.set("audioRate", _RATES.get(edit.sound.sample_rate, "48k"))
    spine, done = ET.SubElement(sequence, "spine"), 0
    for kept in edit.cuts.kept:
        ET.SubElement(
            spine, "asset-clip", ref="r2", name=edit.title, offset=_seconds(done, edit),
            start=_seconds(edit.clock.first + kept.start, edit), duration=_seconds(len(kept), edit), tcFormat=form,
        )  # fmt: skip
        done += len(kept)


def _size(edit: Edit) -> dict[str, str]:
    """The picture as a player shows it."""
    picture = edit.picture
    if picture is None:
        return {}
    size, aspect = [picture.width, picture.height], list(picture.sample_aspect)
    if picture.rotation in (90, 270):
        size, aspect = size[::-1], aspect[::-1]
    told = {"width": str(size[0]), "height": str(size[1])}
    if aspect[0] != aspect[1]:
        told |= {"paspH": str(aspect[0]), "paspV": str(aspect[1])}
    return told


def _seconds(frames: int, edit: Edit) -> str:
    time = Fraction(frames) / edit.cuts.rate
    return f"{time.numerator}s" if time.denominator == 1 else f"{time.numerator}/{time.denominator}s"
