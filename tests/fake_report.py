"""A report without a build: one file for each sample bulletin, and files that were refused."""

from __future__ import annotations

from fake_searcher import HOSTILE, SAMPLES, make

from indexer import BuildReport, FileReport
from indexer.bulletin import Bulletin
from indexer.language import Notice, Sentence


def of(bulletin: Bulletin, path: str = "", cumulative: int | None = None, **values) -> FileReport:
    """Return what a build thought of the file of `bulletin`."""
    issue = bulletin.issue
    return FileReport(
        path or bulletin.source.path,
        "read",
        media_type=bulletin.source.media_type,
        encoding=bulletin.source.encoding,
        size=bulletin.source.size,
        id=bulletin.id,
        title=bulletin.title,
        series=bulletin.series,
        issue=issue.label if issue else "",
        date=bulletin.date,
        publisher=bulletin.publisher,
        number=issue.number if issue else None,
        cumulative=cumulative,
        group=values.pop("group", bulletin.id),
        notices=values.pop("notices", bulletin.notices),
        **values,
    )


COPY = Notice("copy", Sentence("与另一份是同一期简报。", "The same bulletin as another."))
FILES = (
    *(of(bulletin) for bulletin in SAMPLES),
    of(make("b-copy", 27, "2020-03-18", "同一期的另一份"), group=SAMPLES[0].id, notices=(COPY,)),
    of(make("b-other", 26, "2020-03-12", "题目不同的二十六期")),
    FileReport("扫描/第25期.pdf", "refused", "needs_ocr", media_type="application/pdf"),
    FileReport(f"{HOSTILE}.docx", "refused", "damaged", HOSTILE),
)
REPORT = BuildReport("000012", FILES)
