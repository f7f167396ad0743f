"""What is written on a picture of a page?  Pieces of text and how sure each character is.

The models lie in the package that reads, so nothing is fetched.  Imported only when there is
something to recognize, by `ocr`: what it brings along takes seconds and a few hundred megabytes.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr import RapidOCR

from indexer.readers.image import Bitmap
from indexer.readers.reading_order import Piece

ILLEGIBLE: Final = 0.5  # mean confidence of a piece below which it is no text
TALL: Final = 1.5  # height by width from which the recognizer turns a piece by a quarter

MODELS: Final = Path(rapidocr.__file__).parent / "models"


@dataclass(frozen=True, slots=True)
class Recognized:
    """The pieces of a page, the confidence (0 to 1) of each of their characters, and how many
    pieces could not be made out.
    """

    pieces: tuple[Piece, ...] = ()
    confidences: tuple[float, ...] = ()
    illegible: int = 0


@functools.cache
def _engine() -> Any:
    """Return the recognizer.  One thread and one line at a time, so that the same page always
    gives the same text.  Its models are named, else it would look for them elsewhere.
    """
    cv2.setNumThreads(1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.return_word_box": True,
            "Global.use_preprocess_img": False,
            "Global.use_vertical_padding": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 1,
            "Det.model_path": str(MODELS / "PP-OCRv6_det_small.onnx"),
            "Cls.model_path": str(MODELS / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
            "Rec.model_path": str(MODELS / "PP-OCRv6_rec_small.onnx"),
        }
    )


def recognize(bitmap: Bitmap) -> Recognized:
    """Return what is written on a page, its places as if it stood upright and straight.

    Raises `MemoryError`: bitmaps are bounded and well formed, so models fail at nothing else.
    """
    try:
        found, turned, read, _ = _engine().run_ocr_steps(bitmap, {})
    except Exception as error:
        raise MemoryError from error
    if not read.txts:
        return Recognized()
    sure = [float(score) >= ILLEGIBLE and bool(t.strip()) for score, t in _each(read)]
    kept = [n for n, is_text in enumerate(sure) if is_text]
    if not kept:
        return Recognized(illegible=len(sure))
    corners = np.stack([found.boxes[n] for n in kept]).astype(np.float64)
    upside = [turned.cls_res[n][0] == "180" for n in kept]
    texts = [read.txts[n] for n in kept]
    return Recognized(
        tuple(map(_piece, texts, _upright(corners, upside, texts, bitmap.shape))),
        tuple(float(c) for n in kept for c in read.word_results[n].confs),
        sum(bool(t.strip()) for t in read.txts) - len(kept),
    )


def _each(read: Any) -> list[tuple[float, str]]:
    return list(zip(read.scores, read.txts, strict=True))


def _upright(
    corners: NDArray[np.float64], upside: list[bool], texts: list[str], shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return the corners (pieces × 4 × x, y) as they are when the page is turned and straightened
    as most of its characters say.
    """
    height, width = shape[:2]
    weights = np.array([len(text) for text in texts])
    sides = corners.max(axis=1) - corners.min(axis=1)
    lying = (weights * np.where(sides[:, 1] >= TALL * sides[:, 0], 1, -1)).sum() > 0
    over = (weights * np.where(upside, 1, -1)).sum() > 0
    x, y = corners[..., 0], corners[..., 1]
    if lying:
        x, y = (height - y, x) if over else (y, width - x)
    elif over:
        x, y = width - x, height - y
    points = np.stack([x, y], axis=-1)
    return points if lying or over else _straight(points, weights)


def _straight(corners: NDArray[np.float64], weights: NDArray[np.int_]) -> NDArray[np.float64]:
    """Return the corners without the slant that the longest lines have."""
    long = weights >= np.median(weights)
    run, rise = (corners[long, 1] - corners[long, 0]).T
    slant = float(np.median(np.arctan2(rise, run)))
    turn = np.array([[np.cos(slant), -np.sin(slant)], [np.sin(slant), np.cos(slant)]])
    straight: NDArray[np.float64] = corners @ turn
    return straight


def _piece(text: str, corners: NDArray[np.float64]) -> Piece:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Piece(text.strip(), float(left), float(top), float(right), float(bottom))
