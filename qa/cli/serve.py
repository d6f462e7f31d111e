"""The commands that serve the archive, over HTTP and to AI assistants."""

from typing import Annotated

import typer

from qa.cli.options import ArchiveDir, Host, Insecure, Port, ReaderName, fail, settings_of


def mcp(
    archive: ArchiveDir = None,
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP instead of standard input and output.")] = False,
    host: Host = None,
    port: Port = None,
    insecure: Insecure = False,
    reader: ReaderName = None,
) -> None:
    """Give AI assistants access to the archive through tools (Model Context Protocol)."""
    if not http and (host is not None or port is not None or insecure):
        raise typer.BadParameter("--host, --port and --insecure need --http")
    try:
        import mcp as _  # noqa: F401
    except ModuleNotFoundError:
        fail("the library of the Model Context Protocol is missing: pip install 'citewire[mcp]'")
    from qa.mcp.server import application, over_stdio
    from qa.server.process import serve

    if not http:
        over_stdio(settings_of(archive, reader=reader))
        return
    settings = settings_of(archive, host=host, port=port, workers=1, insecure=insecure or None, reader=reader)
    serve(settings, application, "/mcp", create=False)


def serve(
    archive: ArchiveDir = None,
    host: Host = None,
    port: Port = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, metavar="NUMBER", help="Number of processes.", show_default="1")
    ] = None,
    insecure: Insecure = False,
    reader: ReaderName = None,
) -> None:
    """Serve the archive and its web page over HTTP, creating an empty archive if there is none."""
    from qa.server.process import serve as run

    run(settings_of(archive, host=host, port=port, workers=workers, insecure=insecure or None, reader=reader))
