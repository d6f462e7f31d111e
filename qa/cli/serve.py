"""The command that serves AI assistants."""

from typing import Annotated

import typer

from qa.cli.options import ArchiveDir, ReaderName, fail, settings_of


def mcp(
    archive: ArchiveDir = None,
    http: Annotated[bool, typer.Option("--http", help="Listen for HTTP, instead of standard input.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen at.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, show_default="8080")] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Serve strangers without keys: something else keeps them out.")
    ] = False,
    reader: ReaderName = None,
) -> None:
    """Give AI assistants the archive as tools (Model Context Protocol)."""
    if not http and (host is not None or port is not None or insecure):
        raise typer.BadParameter("--host, --port and --insecure go with --http")
    try:
        import mcp as _  # noqa: F401
    except ModuleNotFoundError:
        fail("assistants need the library of their protocol: pip install 'citewire[mcp]'")
    from qa.mcp.server import application, over_stdio
    from qa.server.process import serve

    if not http:
        over_stdio(settings_of(archive, reader=reader))
        return
    settings = settings_of(archive, host=host, port=port, workers=1, insecure=insecure or None, reader=reader)
    serve(settings, application, "/mcp", create=False)


def serve(
    archive: ArchiveDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen at.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, show_default="8080")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes that serve.", show_default="1")] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Serve strangers without keys: something else keeps them out.")
    ] = False,
    reader: ReaderName = None,
) -> None:
    """Serve the archive over HTTP; an empty one is made when there is none."""
    from qa.server.process import serve as run

    run(settings_of(archive, host=host, port=port, workers=workers, insecure=insecure or None, reader=reader))
