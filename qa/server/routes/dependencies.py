"""What routes depend on: the engine and the reply cache of their service."""

from typing import Annotated

from fastapi import Depends, Request

from qa.answering.cache import ReplyCache
from qa.engine import Engine


async def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


TheEngine = Annotated[Engine, Depends(_engine)]


async def _replies(request: Request) -> ReplyCache:
    replies: ReplyCache = request.app.state.replies
    return replies


TheReplies = Annotated[ReplyCache, Depends(_replies)]
