"""What can be set?  One frozen record; each setting has its help line."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from indexer.errors import WrongUsage

CONFIG_FILE = Path("jianbao.toml")


def _setting(default: Any, zh: str, en: str) -> Any:
    return field(default=default, metadata={"zh": zh, "en": en})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, its default and its help line (in the field's metadata)."""

    folders: tuple[str, ...] = _setting(
        ("corpus",), "要建索引的文件夹", "folders to build the index from"
    )
    index: str = _setting("index", "索引所在的目录", "directory of the index")
    host: str = _setting("127.0.0.1", "网页服务监听的地址", "address the web server listens on")
    port: int = _setting(8000, "网页服务监听的端口", "port the web server listens on")
    workers: int = _setting(
        0,
        "网页服务的进程数，0 为每核一个（至多 4 个）",
        "processes of the web server; 0: one for each core, at most 4",
    )
    threads: int = _setting(
        12, "网页服务每个进程的线程数", "threads of each process of the web server"
    )
    query_seconds: int = _setting(
        2, "网页上一次检索的时限（秒）", "time limit for one search in the pages, in seconds"
    )
    site_name: str = _setting("", "网页上显示的站名，空则用“简报搜索”", "name shown on the pages")
    embed_origins: tuple[str, ...] = _setting(
        (), "可以嵌入检索结果的网站", "origins that may frame /embed and call the API"
    )
    trusted_hosts: tuple[str, ...] = _setting(
        (), "网页服务接受的主机名，空则都接受", "host names the web server answers to; empty: all"
    )
    user_words: str = _setting(
        "", "自定义词典，每行一词", "file of words that are not to be cut, one a line"
    )
    organizations: str = _setting(
        "", "单位名录：全称、简称、曾用名", "authority file of organizations and their other names"
    )
    synonyms: str = _setting(
        "", "同义词表，每行一组", "file of words that mean the same, a group a line"
    )
    encoding: str = _setting(
        "", "文本文件的编码，空则自行判断", "encoding of all text files; empty: find out"
    )
    max_file_mb: int = _setting(50, "单个文件的上限（MB）", "largest file that is read, in MB")
    read_seconds: int = _setting(
        30, "读一个文件的时限（秒）", "time limit for one file, in seconds"
    )
    read_memory_mb: int = _setting(
        1024, "读一个文件的内存上限（MB）", "memory limit for reading a file, in MB"
    )
    ocr_pages: int = _setting(
        500,
        "一个文件里最多识别多少页图片（要装 jianbao[ocr]）",
        "most pages of a file that are recognized (with jianbao[ocr])",
    )
    ocr_seconds: int = _setting(
        120, "识别一页的时限（秒）", "time limit for recognizing a page, in seconds"
    )
    ocr_memory_mb: int = _setting(
        4096, "识别时的内存上限（MB）", "memory limit for recognizing, in MB"
    )
    archive_members: int = _setting(
        10_000,
        "一个压缩包或邮件里最多读多少个文件",
        "most files that are read in one archive or mail",
    )
    archive_mb: int = _setting(
        2_000,
        "一个压缩包或邮件解开后的上限（MB）",
        "largest archive or mail that is read, unpacked, in MB",
    )
    archive_ratio: int = _setting(
        200,
        "压缩包里的文件解开后最多是原来的多少倍",
        "most times its packed size that a file in an archive may unpack to",
    )
    recency_days: int = _setting(
        0,
        "新近程度的半衰期（天），0 为不计",
        "half-life of recency in the order of hits, in days; 0: recency does not count",
    )
    watch_seconds: int = _setting(
        5, "监视文件夹的间隔（秒）", "seconds between two looks of `watch` at the folders"
    )
    build_workers: int = _setting(
        0,
        "建索引时读文件、作分析的进程数，0 为每核一个",
        "processes that read and analyse during a build; 0: one for each core",
    )
    batch_units: int = _setting(
        4_000_000,
        "一次整理多少字，封住建索引的内存",
        "units that are turned into postings at a time; bounds the memory of a build",
    )


def cores() -> int:
    """Return the number of cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def load(path: Path | None = None, **overrides: Any) -> Settings:
    """Return the settings of a TOML file, `overrides` (where not None) before it.

    Without `path`, `jianbao.toml` in the current folder is read when it is there.
    Raises `WrongUsage` that names the file and the setting.
    """
    file = path or CONFIG_FILE
    values: dict[str, Any] = {}
    if path is not None or file.is_file():
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError:
            raise WrongUsage(f"打不开设置文件 {file}。", f"Cannot open {file}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise WrongUsage(
                f"设置文件 {file} 写法有误：{error}。", f"{file} is not valid TOML: {error}."
            ) from None
    values.update({name: value for name, value in overrides.items() if value is not None})
    return Settings(**{name: _checked(name, value, file) for name, value in values.items()})


def _checked(name: str, value: Any, file: Path) -> Any:
    known = {f.name: f.default for f in fields(Settings)}
    if name not in known:
        raise WrongUsage(f"{file} 里没有“{name}”这项设置。", f"{file}: no setting named {name}.")
    default = known[name]
    if isinstance(default, tuple) and isinstance(value, list | tuple):
        value = tuple(value)
        right = all(isinstance(item, str) for item in value)
    else:
        right = type(value) is type(default)
    if not right:
        kind = type(default).__name__
        raise WrongUsage(
            f"{file} 的“{name}”应为 {kind} 类型。", f"{file}: {name} should be a {kind}."
        )
    return value
