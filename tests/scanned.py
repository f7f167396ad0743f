"""Pages as a scanner gives them: our own text, set in a font that the machine has."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from indexer.readers import recognizer

FONTS = Path("/usr/share/fonts/opentype/noto")
FACES = 10  # at most, in one file of fonts: one for each country's shapes
DPI = 200
TEXT = (
    "为帮助会员单位有序安全地复工复产，云州省质量协会于3月18日组织专家二十余人，分赴江澜、"
    "东湾两市走访企业，了解生产中的困难，现场解答质量管理体系换版的问题四十三项，受到欢迎。",
    "截至3月15日，全省共有86家会员单位捐款捐物，折合人民币328.6万元，其中口罩42万只，"
    "防护服3100套，全部送达一线。协会秘书长林望舒说，下一步将开设线上课堂，讲授QC小组活动。",
)
OTHER = (
    "江澜市质量协会编印《质量手册》八千册，免费发放到车间班组；又请老师傅录制短片二十七段，"
    "讲怎样看图纸、怎样用卡尺、怎样填写首件检验记录，青年职工看了都说好懂、管用。"
    "下一步，协会打算把这些短片配上字幕，连同练习题一起放到会员网站，供各车间班前会学习，"
    "年底再评选一次最受欢迎的课程，给讲课的老师傅发奖状。",
)


def pillow() -> Any:
    """Return Pillow, or skip the test where the extra or the font is not installed."""
    if not recognizer():
        pytest.skip("the extra `ocr` is not installed")
    if not FONTS.is_dir():
        pytest.skip("the fonts of fonts-noto-cjk are not installed")
    return pytest.importorskip("PIL.Image")


def font(points: float, weight: str = "Regular") -> Any:
    from PIL import ImageFont

    path, size = FONTS / f"NotoSerifCJK-{weight}.ttc", round(points * DPI / 72)
    faces = (ImageFont.truetype(path, size, index=n) for n in range(FACES))
    return next(face for face in faces if face.getname()[0].endswith("SC"))


class Page:
    """A page of paper, `width` × `height` pixels at 200 dpi; the pen moves down line by line."""

    def __init__(self, width: int = 1240, height: int = 900) -> None:
        image = pillow()
        from PIL import ImageDraw

        self.picture = image.new("RGB", (width, height), "white")
        self.pen = ImageDraw.Draw(self.picture)
        self.y = 60

    def line(self, text: str, points: float = 12, colour: str = "black", x: int = -1) -> None:
        """Set one line, in the middle unless `x` says where it begins."""
        face = font(points)
        at = (self.picture.width - face.getlength(text)) / 2 if x < 0 else x
        self.pen.text((at, self.y), text, font=face, fill=colour)
        self.y += round(points * 1.8 * DPI / 72)

    def paragraph(self, text: str, left: int = 100, right: int = 0, points: float = 12) -> None:
        """Set a paragraph, its first line indented, between two edges."""
        face, room = font(points), (right or self.picture.width - 100) - left
        line = "　　"
        for character in text:
            if face.getlength(line + character) > room and character not in "，。、；：！？）》":
                self.line(line, points, x=left)
                line = ""
            line += character
        self.line(line, points, x=left)


def page(paragraphs: Sequence[str] = TEXT) -> Any:
    """Return a page of running text."""
    made = Page()
    for text in paragraphs:
        made.paragraph(text)
    return made.picture


def saved(picture: Any, form: str, *others: Any, **options: Any) -> bytes:
    """Return pictures as a file; with `others`, of several pages."""
    file = io.BytesIO()
    more = {"save_all": True, "append_images": others} if others else {}
    picture.save(file, form, resolution=DPI, dpi=(DPI, DPI), **more, **options)
    return file.getvalue()
