"""A typed Python client of /api/v1: `Client` uploads files, orders batches, follows them and takes results away."""

from reelyard.client.batches import Order
from reelyard.client.client import Client
from reelyard.client.cuts import CutList, Decision, Highlight
from reelyard.client.errors import ClientError, RefusedFile, Unreachable
from reelyard.client.exports import Export, ExportOrder, ExportPreview
from reelyard.client.models import Batch, Event, File, Item, Message, Outlook, Progress, Reset, Upload
from reelyard.client.stories import Change, Chunk, Story, Voice
from reelyard.client.transport import Patience

__all__ = [
    "Batch",
    "Change",
    "Chunk",
    "Client",
    "ClientError",
    "CutList",
    "Decision",
    "Event",
    "Export",
    "ExportOrder",
    "ExportPreview",
    "File",
    "Highlight",
    "Item",
    "Message",
    "Order",
    "Outlook",
    "Patience",
    "Progress",
    "RefusedFile",
    "Reset",
    "Story",
    "Unreachable",
    "Upload",
    "Voice",
]
