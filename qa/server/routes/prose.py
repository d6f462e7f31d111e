"""Prose within a request: while the model writes, the request holds no place; few are written at once."""

import asyncio
from contextlib import suppress

from starlette.requests import Request

from index.archive import Archive
from qa.prose import write_prose
from qa.schemas.answers import AskResponse, ProseOut
from qa.server.admission import PLACE, Lane
from qa.writer.client import Writer


async def write_prose_for(writer: Writer, archive: Archive, said: AskResponse, http: Request, lane: Lane) -> ProseOut:
    """Prose about what was answered to a request, unless too much is being written already (``lane``) or the client
    goes away before it is there.
    """
    http.scope[PLACE].leave()
    if lane.full:
        return ProseOut.of([], 0, failed="too much prose is being written right now: try again in a moment")
    turn = lane.join()
    writing = asyncio.ensure_future(write_prose(writer, archive, said))
    gone = asyncio.ensure_future(_gone(http))
    try:
        await asyncio.wait({writing, gone}, return_when=asyncio.FIRST_COMPLETED)
        return writing.result() if writing.done() else ProseOut.of([], 0, failed="the client disconnected")
    finally:
        for task in (writing, gone):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
        lane.give_up(turn)


async def _gone(http: Request) -> None:
    """Wait until the client is; a body that nobody read comes first."""
    while (await http.receive())["type"] != "http.disconnect":
        pass
