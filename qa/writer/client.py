"""A client for a language model's API in OpenAI's format, with limits on time and bytes.

The only module that calls it. Its output is only a draft: ``qa.prose`` keeps what passes the gate.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from ssl import SSLContext, create_default_context

from qa.errors import WriterError
from qa.settings import Settings
from qa.writer.prompt import Sentence, parse_draft, prompt

MAX_BYTES = 256 * 2**10
"""Bytes of the longest answer that is read."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Writer:
    """A model by its name and the address of its API, up to ``/v1``, with the key and the seconds for one answer."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 20.0

    @classmethod
    def of(cls, settings: Settings) -> "Writer | None":
        """The writer that the settings name, if any."""
        if settings.writer_url is None or settings.writer_model is None:
            return None
        return cls(settings.writer_url, settings.writer_model, settings.writer_key, settings.writer_seconds)

    async def draft(self, question: str, quotes: Sequence[str]) -> list[Sentence]:
        """Sentences from these quotes, which have the numbers 1, 2, ... in them.

        Raises WriterError in words for who asked; what it was in detail is logged.
        """
        import httpx2

        try:
            async with asyncio.timeout(self.seconds):
                return parse_draft(await self._answer(prompt(self.model, question, quotes)))
        except TimeoutError:
            raise WriterError(f"the writer did not answer within {self.seconds:g} seconds") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            _log.warning("the writer can't be reached: %s: %s", type(error).__name__, error)
            raise WriterError("the writer can't be reached, or closed the connection") from None

    async def _answer(self, body: bytes) -> bytes:
        """The body of the answer. No redirect is followed, and no proxy, netrc or cookie used: what is sent is for the
        one address that was named.
        """
        import httpx2

        # Nothing that is packed is taken: a few bytes of that may be many.
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        verify = _trusted() if self.url.startswith("https:") else False
        async with (
            httpx2.AsyncClient(timeout=None, trust_env=False, verify=verify, follow_redirects=False) as client,
            client.stream("POST", f"{self.url}/chat/completions", content=body, headers=headers) as answer,
        ):
            if answer.status_code != 200:
                raise WriterError(f"the writer answered with status {answer.status_code}")
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise WriterError("the writer's answer is compressed, which was not requested")
            came = bytearray()
            async for part in answer.aiter_raw():
                came += part
                if len(came) > MAX_BYTES:
                    raise WriterError(f"the writer's answer has more than {MAX_BYTES:,} bytes")
            return bytes(came)


@cache
def _trusted() -> SSLContext:
    """Who signs certificates: those that this machine trusts. Read once, as it takes a tenth of a second."""
    return create_default_context()
