"""What does a picture file show?  Its pages as bitmaps of the size that is recognized best.

Imported only when there is a picture to read, by `ocr`.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from indexer.errors import UnreadableFile

Bitmap = NDArray[np.uint8]
"""Height × width × 3: blue, green, red."""

LONGEST: Final = 2_400  # pixels of a page's longer side: an A4 at 205 dpi
SMALL: Final = 1_200  # pixels; pages that are not longer are shown twice as large
SHORTEST: Final = 736  # pixels below which the recognizer would enlarge, however long the page
MOST_PIXELS: Final = 80_000_000  # in one picture, unpacked: an A3 at 600 dpi has 70 million
FORMATS: Final = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
PAGED: Final = "TIFF"  # in the others several pictures are a film
LONG: Final = 2.0  # height by width from which a picture is a roll of several pages
SEAM: Final = 0.1  # share of a page within which the emptiest row is looked for, to cut there
ORIENTATION, SIDEWAYS = 0x0112, 5  # in EXIF: from this value on width and height are exchanged

Image.MAX_IMAGE_PIXELS = None  # Pillow only warns below its bound; here is one that refuses.


def frames(data: bytes) -> Iterator[Bitmap]:
    """Yield each page, upright.  Raises `UnreadableFile` (`too_complex`) for too many pixels, and
    whatever Pillow raises for damage.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        paged = image.format == PAGED
        for number in range(pages(image)) if paged else [0]:
            image.seek(number)
            _check(image)
            upright = ImageOps.exif_transpose(image)
            yield from map(bitmap_of, [upright] if paged else _unrolled(upright))


def count(data: bytes) -> int:
    """Return how many pages a picture file has.  Raises what `frames` raises."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        _check(image)
        return pages(image)


def _check(image: Image.Image) -> None:
    """Raise `UnreadableFile` (`too_complex`) for a picture that would unpack to too much."""
    if image.width * image.height > MOST_PIXELS:
        raise UnreadableFile("too_complex", f"{image.width} × {image.height}")


def pages(image: Image.Image) -> int:
    """Return how many pages an open picture has: those of a TIFF, or those of a long picture."""
    if image.format == PAGED:
        return int(getattr(image, "n_frames", 1))
    width, height = image.size
    if image.getexif().get(ORIENTATION, 1) >= SIDEWAYS:
        width, height = height, width
    return _parts(width, height)


def _parts(width: int, height: int) -> int:
    return math.ceil(height / (width * LONG))


def _unrolled(image: Image.Image) -> Iterator[Image.Image]:
    """Yield the pages of a long picture, cut where a row is as empty as can be."""
    parts = _parts(*image.size)
    length = image.height / parts
    top = 0
    for part in range(1, parts + 1):
        bottom = image.height if part == parts else _seam(image, part * length, length * SEAM)
        yield image.crop((0, top, image.width, bottom)) if parts > 1 else image
        top = bottom


def _seam(image: Image.Image, middle: float, slack: float) -> int:
    """Return the row nearest to nothing around a place: the one of the least contrast."""
    top = round(middle - slack)
    strip = image.crop((0, top, image.width, max(round(middle + slack), top + 1)))
    return top + int(np.ptp(np.asarray(strip.convert("L")).astype(np.int16), axis=1).argmin())


def bitmap_of(image: Image.Image) -> Bitmap:
    """Return a page on white, neither larger nor smaller than is good for the recognizer."""
    longer = max(image.size)
    scale = 2.0 if longer <= SMALL else min(1.0, LONGEST / longer)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    smooth = _plain(image).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    canvas = Image.new("RGB", (max(size[0], SHORTEST), max(size[1], SHORTEST)), "white")
    canvas.paste(smooth, mask=smooth if smooth.mode == "RGBA" else None)
    return np.ascontiguousarray(np.asarray(canvas)[..., ::-1])


def _plain(image: Image.Image) -> Image.Image:
    """Return a picture in grey or colours of 8 bits, and the transparency if it has any."""
    if image.mode.startswith("I") or image.mode == "F":
        low, high = image.getextrema()
        return image.convert("F").point(lambda v: (v - low) * 255 / max(high - low, 1)).convert("L")
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
