"""What an assistant does with the tools, for docs/mcp.md: ``python docs/assistant.py docs/mcp.md``, over an archive of
the sample that it makes.
"""

import json
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from mcp_types import TextContent

from corpus.reading import read
from qa.engine import open_engine
from qa.ingestion.pipeline import ingest
from qa.mcp.server import tools
from qa.settings import Settings

BEGIN, END = "<!-- a session begins -->\n", "<!-- a session ends -->\n"
"""What it stands between on the page."""
CITED = ("article_id", "start", "end", "quote", "article_sha256")
"""What of a citation can be verified."""


async def session(client: Client) -> str:
    """A question, a search that follows it up, the article, and the citation verified: each call and what came."""
    shown: list[str] = []

    async def call(name: str, **arguments: Any) -> dict[str, Any]:
        result = await client.call_tool(name, arguments)
        text = "".join(block.text for block in result.content if isinstance(block, TextContent))
        shown.append(f"`{name}`\n\n```json\n{json.dumps(arguments, ensure_ascii=False, indent=2)}\n```\n\n")
        shown.append(f"```text\n{text}\n```\n\n")
        fields: dict[str, Any] = result.structured_content or {}
        return fields

    told = await call("ask", question="How many H200 chips were approved?", k=1)
    found = await call("search", query="orders for H200 chips since the licences", k=1, published_from="2026-01-29")
    hit = found["hits"][0]
    await call("get_article", id=hit["article_id"], start=0, end=hit["end"])
    cited = told["answers"][0]["citations"]
    await call("verify_citations", citations=[{name: one[name] for name in CITED} for one in cited])
    return "".join(shown)


def put(page: str, made: str) -> str:
    """The page with another session on it."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + made + END + rest.split(END)[1]


async def _made(archive: Path) -> str:
    with open_engine(Settings(archive=archive), create=True) as engine:
        list(ingest(engine, read([Path(str(files("corpus") / "sample" / "articles.jsonl"))])))
        async with Client(tools(engine)) as client:
            return await session(client)


def main() -> None:
    """Put the session on the page that is named."""
    page = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as directory:
        page.write_text(put(page.read_text("utf-8"), anyio.run(_made, Path(directory))), "utf-8")


if __name__ == "__main__":
    main()
