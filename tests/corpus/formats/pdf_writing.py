"""Small PDF files for tests, from the operators that draw their pages."""

import io

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

FONT = DictionaryObject(
    {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    }
)


def drawn(
    *pages: bytes,
    forms: dict[str, bytes] | None = None,
    password: str | None = None,
    cipher: str = "RC4-128",
    size: tuple[int, int] = (300, 400),
) -> bytes:
    """A PDF whose pages are drawn by these operators, with a font /F and the forms that they name."""
    writer = PdfWriter()
    xobjects = DictionaryObject()
    resources = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F"): FONT}), NameObject("/XObject"): xobjects}
    )
    held = writer._add_object(resources)
    for name, operators in (forms or {}).items():
        form = DecodedStreamObject()
        form.set_data(operators)
        form.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/Resources"): held,
            }
        )
        xobjects[NameObject(name)] = writer._add_object(form)
    for operators in pages:
        page = writer.add_blank_page(*size)
        stream = DecodedStreamObject()
        stream.set_data(operators)
        page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
        page[NameObject("/Resources")] = held
    if password is not None:
        writer.encrypt(user_password=password, owner_password="owner", algorithm=cipher)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
