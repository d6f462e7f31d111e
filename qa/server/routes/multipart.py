"""Receives a file in a multipart request (RFC 7578), written to disk as it arrives: little is ever in memory."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import NamedTuple

from anyio import to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, FormParser, parse_options_header
from starlette.requests import Request

from corpus.completing import GivenFields
from corpus.errors import FormatError
from qa.errors import UploadError

FIELD = "file"
"""The name of the field that the file stands in."""
GIVEN = ("source", "published", "title", "language")
"""The names of the fields that say what the file's articles lack."""
MAX_FIELD = 10_000
"""Bytes of a field that is no file."""


class Received(NamedTuple):
    """A file in a directory, the name that it came under, and what its articles get that they lack."""

    file: Path
    name: str
    given: GivenFields


async def receive_file(request: Request, directory: Path) -> Received:
    """The file of a request's form, in ``directory``, with the other fields of the form.

    Raises UploadError where there is not exactly one, or a field is unknown, comes twice or holds no such value.
    """
    files: list[File] = []
    fields: dict[str, str] = {}
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise UploadError(f"send the file as multipart/form-data, in a field named {FIELD!r}")

    def one_more(file: File) -> None:
        files.append(file)
        if len(files) > 1:
            raise UploadError("the form has several files: send one at a time, or pack them as zip or tar")

    def one_field(field: Field) -> None:
        name = (field.field_name or b"").decode(errors="replace")
        if name == FIELD:
            return  # it is no file, which is said below
        if name not in GIVEN or name in fields:
            why = "comes twice" if name in fields else f"is none of {', '.join((FIELD, *GIVEN))}"
            raise UploadError(f"the form's field {name[:40]!r} {why}")
        try:
            fields[name] = (field.value or b"").decode()
        except UnicodeDecodeError:
            raise UploadError(f"{name} is not valid UTF-8") from None

    parser = FormParser(
        "multipart/form-data",
        one_field,
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
    name = (file.file_name or b"").decode(errors="replace")
    return Received(Path(file.actual_file_name.decode()), name, _given(fields))


def _given(fields: Mapping[str, str]) -> GivenFields:
    # A form sends the fields too that nobody filled in.
    filled = {name: value for name, value in fields.items() if value.strip()}
    try:
        return GivenFields.check(
            source=filled.get("source"),
            published_at=filled.get("published"),
            title=filled.get("title"),
            language=filled.get("language"),
        )
    except FormatError as error:
        raise UploadError(str(error)) from None


async def _feed(parser: FormParser, pieces: AsyncIterator[bytes]) -> None:
    async for piece in pieces:
        if piece:
            await to_thread.run_sync(parser.write, piece)
    parser.finalize()
