"""The calls of `/stories`. Nothing is decided here: translate, call, translate."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from reelyard.http.container import Services
from reelyard.http.doors.stories import adding, ordering, reading, socket, translate
from reelyard.http.doors.stories.schemas import (
    CreatedStories,
    CreateStoriesRequest,
    ErrorBody,
    GenerationStarted,
    StoriesStatus,
    StoryOptions,
    UploadedFiles,
)
from reelyard.http.forms import receive_form
from reelyard.http.identity import Owner
from reelyard.http.live import LiveFeeds
from reelyard.http.signed import host_of
from reelyard.http.taking import FORM, headers_of, refusal_of
from reelyard.http.verifying import looked_at

REFUSALS = (400, 401, 403, 404, 409, 413, 429, 500, 503, 507)
LOOKED_AT_S = 15.0  # how long an upload's answer waits for the words to be counted
router = APIRouter(
    prefix="/stories",
    tags=["door: stories"],
    responses={status: {"model": ErrorBody} for status in REFUSALS},
)
router.include_router(socket.router)


@router.post(
    "/batch-upload",
    status_code=201,
    response_model=UploadedFiles,
    response_model_exclude_none=True,
    openapi_extra=FORM,
)
async def upload_story_files(
    request: Request, response: Response, owner: Owner, services: Services, feeds: LiveFeeds
) -> Response | UploadedFiles:
    """Upload up to ten texts, sent as a form under any field names. What is refused is named; the others are taken."""
    received = await receive_form(services, owner, request, join=False, most_bytes=translate.MOST_BYTES)
    if (answer := await refusal_of(request, received)) is not None:
        return answer
    response.headers.update(headers_of(received))
    taken = await run_in_threadpool(adding.first_look, services, owner, received)
    await looked_at(feeds, owner, taken, LOOKED_AT_S)
    return await run_in_threadpool(adding.told, services, owner, received.files)


@router.post("/batch-create", status_code=201)
def create_stories(body: CreateStoriesRequest, owner: Owner, services: Services) -> CreatedStories:
    """Stories from uploaded files: made at once in auto mode, else each when it is asked for."""
    with services.db.write() as tx:
        batch = ordering.create(services, tx, owner, body)
        stories = [translate.created(seen) for seen in reading.glances(services, tx, batch)]
        return CreatedStories(batch_id=batch.id, stories=stories)


@router.get("/batch/{batch_id}/status")
def get_stories_status(batch_id: str, request: Request, owner: Owner, services: Services) -> StoriesStatus:
    """How a batch stands, with its stories and links to what was made."""
    with services.db.read() as tx:
        return reading.status(services, tx, reading.find(tx, owner, batch_id), host_of(request))


@router.post("/{story_id}/generate", status_code=202)
def generate_story(
    story_id: str, owner: Owner, services: Services, body: StoryOptions | None = None
) -> GenerationStarted:
    """Make one story alone, or make it anew."""
    with services.db.write() as tx:
        item = ordering.generate(services, tx, owner, story_id, body or StoryOptions())
        return GenerationStarted(id=item.id, status=item.status)
