"""OFD files made by hand, from their XML."""

import io
import zipfile
from collections.abc import Iterable
from html import escape

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE = 4.0  # millimetres
WIDTH, HEIGHT = 210, 297


def text(
    words: str, x: float, y: float, size: float = SIZE, deltas: str = "", inside: str = "", **more
) -> str:
    """A text object whose first character stands at (x, y), characters `size` apart."""
    deltas = deltas or f'DeltaX="g {max(1, len(words) - 1)} {size}"'
    attributes = "".join(f' {name}="{value}"' for name, value in more.items())
    return (
        f'<ofd:TextObject ID="9" Font="1" Size="{size}" Boundary="{x} {y - size} 200 {size}"'
        f"{attributes}>{inside}"
        f'<ofd:TextCode X="0" Y="{size}" {deltas}>{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def page(*objects: str, templates: Iterable[str] = ()) -> str:
    """A page of objects, over templates that are named by their numbers."""
    under = "".join(f'<ofd:Template TemplateID="{number}"/>' for number in templates)
    return xml(
        f"Page {NAMESPACE}",
        f"{under}<ofd:Content><ofd:Layer ID='1'>{''.join(objects)}</ofd:Layer></ofd:Content>",
    )


def lines(texts: Iterable[str], x: float = 20, y: float = 40, step: float = 6) -> list[str]:
    """Text objects one below the other."""
    return [text(words, x, y + n * step) for n, words in enumerate(texts)]


def xml(root: str, inside: str) -> str:
    name = root.split()[0]
    return f'<?xml version="1.0" encoding="UTF-8"?><ofd:{root}>{inside}</ofd:{name}>'


def document(*pages: str, templates: Iterable[str] = (), common: str = "", root: str = "") -> dict:
    """The members of one document, named from its own folder."""
    listed = "".join(
        f'<ofd:Page ID="{n}" BaseLoc="{root}Pages/Page_{n}/Content.xml"/>'
        for n in range(len(pages))
    )
    parts = {f"Pages/Page_{n}/Content.xml": content for n, content in enumerate(pages)}
    for n, content in enumerate(templates, start=1):
        common += f'<ofd:TemplatePage ID="{n}" BaseLoc="Tpls/Tpl_{n}/Content.xml"/>'
        parts[f"Tpls/Tpl_{n}/Content.xml"] = content
    body = f"<ofd:CommonData>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
    return {"Document.xml": xml(f"Document {NAMESPACE}", body), **parts}


def ofd(*documents: dict, title: str = "", **members: str | bytes) -> bytes:
    """A package of documents; `members` are further ones, or take the place of those."""
    bodies = "".join(
        f"<ofd:DocBody><ofd:DocInfo><ofd:Title>{escape(title)}</ofd:Title></ofd:DocInfo>"
        f"<ofd:DocRoot>Doc_{n}/Document.xml</ofd:DocRoot></ofd:DocBody>"
        for n in range(len(documents))
    )
    parts: dict[str, str | bytes] = {"OFD.xml": xml(f"OFD {NAMESPACE}", bodies)}
    for n, each in enumerate(documents):
        parts |= {f"Doc_{n}/{name}": content for name, content in each.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (parts | members).items():
            package.writestr(name, content)
    return file.getvalue()
