"""What can go wrong, and how is it cured?  Every error a caller may catch, in one tree.

Each error is one plain sentence in both languages that names the file or option.
`exit_code` and `status` are the contract's: one table for the command line and for HTTP.
"""

from __future__ import annotations

from indexer.language import Sentence


class JianbaoError(Exception):
    """The root.  `code` is for programs, `sentence` for people."""

    exit_code = 1
    status = 500
    code = "internal"

    def __init__(self, zh: str, en: str) -> None:
        self.sentence = Sentence(zh, en)
        super().__init__(str(self.sentence))


class WrongUsage(JianbaoError):
    """An option or a parameter has a value that it cannot have."""

    exit_code = 2
    status = 400
    code = "wrong_usage"


class NotFound(WrongUsage):
    """No bulletin has that id."""

    status = 404
    code = "not_found"


class BadInput(JianbaoError):
    """Nothing could be read, or `--strict` was given and something could not."""

    exit_code = 3
    status = 500
    code = "bad_input"


class UnreadableFile(BadInput):
    """One file could not be read.  The build goes on and lists it with `reason`.

    `reason` is one of `REFUSALS`, so that reports can be counted and translated.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        said = REFUSALS[reason]
        super().__init__(*(f"{text}：{detail}" if detail else text for text in (said.zh, said.en)))


REFUSALS: dict[str, Sentence] = {
    "empty": Sentence("文件里没有文字", "no text in the file"),
    "not_text": Sentence("不是文字文件", "not a text file"),
    "unknown_format": Sentence("不认识的格式", "unknown format"),
    "missing_reader": Sentence("读这种格式要另装软件", "reading this format needs another package"),
    "needs_converter": Sentence(
        "旧版 Word 文件，要先装 LibreOffice 或 antiword",
        "an old Word file; LibreOffice or antiword must be installed",
    ),
    "damaged": Sentence("文件已损坏", "the file is damaged"),
    "encrypted": Sentence("文件已加密", "the file is encrypted"),
    "needs_ocr": Sentence(
        "扫描件或图片，要先装文字识别（jianbao[ocr]）",
        "a scan or a picture; text recognition (jianbao[ocr]) must be installed",
    ),
    "too_large": Sentence("文件太大", "the file is too large"),
    "too_complex": Sentence("文件太复杂", "the file is too complex"),
    "too_deep": Sentence("压缩包、邮件套得太深", "archives or mails too deep within one another"),
    "too_many": Sentence(
        "里面的文件太多或太大，只读了前面的", "too much in it, only the first files were read"
    ),
    "out_of_time": Sentence("读取超时", "reading took too long"),
    "out_of_memory": Sentence("读取所需内存超限", "reading needs too much memory"),
    "crashed": Sentence("读取程序意外中止", "the reader stopped unexpectedly"),
    "changed": Sentence("读取时文件有变动，已略过", "changed during reading, skipped"),
    "no_permission": Sentence("没有读取权限", "no permission to read"),
    "not_a_file": Sentence("不是普通文件", "not a regular file"),
    "symlink": Sentence("符号链接，未跟随", "a symbolic link, not followed"),
    "duplicate": Sentence("与另一文件内容相同", "same content as another file"),
}


def refusal(reason: str) -> Sentence:
    """Return why a file was refused; the reason itself where another release has written it."""
    return REFUSALS.get(reason, Sentence(reason, reason))


class IndexUnavailable(JianbaoError):
    """There is no index, or it is damaged or was built by something else."""

    exit_code = 4
    status = 503
    code = "index_unavailable"


class IndexMissing(IndexUnavailable):
    """No index has been built yet."""

    code = "index_missing"


class IndexDamaged(IndexUnavailable):
    """A file of the index is not what the manifest says."""

    code = "index_damaged"


class IndexLocked(JianbaoError):
    """Another build holds the lock."""

    exit_code = 5
    status = 503
    code = "index_locked"


class OutOfTime(JianbaoError):
    """An answer takes longer than it may."""

    exit_code = 6
    status = 503
    code = "out_of_time"


class EnvironmentFault(JianbaoError):
    """The machine does not let us: disk full, no permission."""

    exit_code = 6
    status = 503
    code = "environment"
