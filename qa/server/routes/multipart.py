"""Receives a file in a multipart request (RFC 7578), written to disk as it arrives: little is ever in memory."""

from collections.abc import AsyncIterator
from pathlib import Path

from anyio import to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import File, FormParser, parse_options_header
from starlette.requests import Request

from qa.errors import UploadError

FIELD = "file"
"""The name of the field that the file stands in."""
MAX_FIELD = 10_000
"""Bytes of a field that is no file."""


async def receive_file(request: Request, directory: Path) -> tuple[Path, str]:
    """The file of a request's form, in ``directory``, and the name that it came under.

    Raises UploadError where there is not exactly one.
    """
    files: list[File] = []
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise UploadError(f"send the file as multipart/form-data, in a field named {FIELD!r}")

    def one_more(file: File) -> None:
        files.append(file)
        if len(files) > 1:
            raise UploadError("the form has several files: send one at a time, or pack them as zip or tar")

    parser = FormParser(
        "multipart/form-data",
        None,
        one_more,
        boundary=options[b"boundary"],
        config={
            "UPLOAD_DIR": str(directory),
            "UPLOAD_DELETE_TMP": False,
            "MAX_MEMORY_FILE_SIZE": 0,
            "MAX_FIELD_SIZE": MAX_FIELD,
            "UPLOAD_ERROR_ON_BAD_CTE": True,
        },
    )
    try:
        try:
            await _feed(parser, request.stream())
        finally:
            for file in files:
                file.finalize()
                file.close()
    except FormParserError as error:
        raise UploadError(f"the form can't be read: {error}") from error
    if not files or files[0].field_name != FIELD.encode():
        raise UploadError(f"the form needs a file, in a field named {FIELD!r}")
    (file,) = files
    if file.actual_file_name is None:
        raise UploadError("the file is empty")
    return Path(file.actual_file_name.decode()), (file.file_name or b"").decode(errors="replace")


async def _feed(parser: FormParser, pieces: AsyncIterator[bytes]) -> None:
    async for piece in pieces:
        if piece:
            await to_thread.run_sync(parser.write, piece)
    parser.finalize()
