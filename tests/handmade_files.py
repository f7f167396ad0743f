"""Files made by hand: DOCX from its XML, PDF from its objects."""

import base64
import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence

SQUARE = zlib.decompress(
    base64.b64decode(
        "eNpjYGRgYGBjcGBgYlBIz6lM2/l+51ugSA4Qm2SkJqYk/Xe+AWSfAGKzDKAAexRzEQMDIweQr5KRW1LB/ALIYgAZ"
        "wsCWk5+cyCDFwAtkHwDxcxMrChhYgKYzMCwAYgWQsv8dzC+YCxiYGRhEBRUFmV8ADfgjwYBfBug2FogVQBYm4AXaC"
        "VEHxM8miv2J57f5ysAMcRkqgNrBALQFahJcFVAvc8H/DpgIkGRE08wIAMReL6U="
    )
)
"""A TrueType font of two glyphs, both a filled square of one em."""

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, **parts: str | bytes) -> bytes:
    """A DOCX whose body is `body`; `parts` are other members, `__` standing for `/`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        document = part("document", f"<w:body>{body}</w:body>")
        for name, text in {"document": document, **parts}.items():
            package.writestr(f"word/{name}.xml", text)
    return file.getvalue()


def part(root: str, inside: str) -> str:
    return f'<?xml version="1.0"?><w:{root} xmlns:w="{W}">{inside}</w:{root}>'


def p(text: str, style: str = "") -> str:
    style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{style}<w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: Iterable[str]) -> str:
    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def pdf(*pages: Sequence[str], title: str = "") -> bytes:
    """A PDF with a text layer: each page the lines that stand on it."""
    return pdf_of([_stream(lines) for lines in pages], "".join(map("".join, pages)), title)


def pdf_of(streams: Sequence[bytes], characters: str = "", title: str = "") -> bytes:
    """A PDF of raw content streams, in a font that has `characters`."""
    after = 6 + 2 * len(streams)
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(streams)))
    codes = "".join(f"<{ord(c):04x}> <{ord(c):04x}>\n" for c in sorted(set(characters)))
    maps = (
        "/CIDInit /ProcSet findresource begin begincmap "
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(set(characters))} beginbfchar\n{codes}endbfchar endcmap end"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /ToUnicode 5 0 R"
        b" /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        b" /FontDescriptor %d 0 R /CIDToGIDMap %d 0 R >>" % (after, after + 1),
        _packed(maps.encode()),
    ]
    for n, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources"
            b" << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (7 + 2 * n)
        )
        objects.append(_packed(stream))
    objects += [
        b"<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 -120 1000 880] /StemV 80"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /FontFile2 %d 0 R >>"
        % (after + 2),
        _packed(b"\0\1" * 65536),
        _packed(SQUARE),
    ]
    objects.append(b"<< /Title <%s> >>" % ("\ufeff" + title).encode("utf-16-be").hex().encode())
    return _file(objects)


def _stream(lines: Sequence[str]) -> bytes:
    shown = (f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines)
    return f"BT /F1 12 Tf 16 TL 72 760 Td {' '.join(shown)} ET".encode()


def _packed(stream: bytes) -> bytes:
    data = zlib.compress(stream, 9)
    return b"<< /Filter /FlateDecode /Length %d >> stream\n%s\nendstream" % (len(data), data)


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(out)
