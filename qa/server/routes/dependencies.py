"""What routes are asked of: the desk of the service that they belong to."""

from typing import Annotated

from fastapi import Depends, Request

from qa.answering.cache import Remembered
from qa.engine import Desk


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_desk)]


async def _replies(request: Request) -> Remembered:
    replies: Remembered = request.app.state.replies
    return replies


TheReplies = Annotated[Remembered, Depends(_replies)]
