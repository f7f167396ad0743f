"""What can be said on the command line?  Options and their help, in both languages."""

from __future__ import annotations

import argparse
from typing import NoReturn, TypeAlias

from indexer.checking import DRAW, SECONDS
from indexer.errors import WrongUsage
from indexer.schema import FACETS, MODES, SORTS, WRITINGS


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUsage(
            f"命令写法有误：{message}。见 {self.prog} --help。",
            f"Wrong usage: {message}. See {self.prog} --help.",
        )


Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    root = _Parser(prog="jianbao", description="简报全文检索。 Search in Chinese bulletins.")
    shared = _shared()
    commands: Commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _build(commands, shared, "rebuild", "重建索引 / build the index anew")
    _build(
        commands, shared, "update", "更新索引，只读有变动的文件 / build, reading only what changed"
    )
    watch = _command(commands, shared, "watch", "文件夹一变就更新 / update on every change")
    watch.add_argument("folders", nargs="*", metavar="FOLDER", help="文件夹 / folders (corpus/)")
    _search(commands, shared)
    show = _command(commands, shared, "show", "显示一期简报 / show one bulletin")
    show.add_argument("id", metavar="ID", help="简报编号 / id of the bulletin")
    show.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON")
    verify = _command(commands, shared, "verify", "检查索引 / check the index")
    verify.add_argument(
        "--draw",
        type=int,
        default=DRAW,
        metavar="N",
        help=f"每期抽查引文数 / quotations from each bulletin ({DRAW})",
    )
    verify.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        metavar="N",
        help=f"抽查的时限（秒） / time for drawing ({SECONDS:g})",
    )
    verify.add_argument(
        "--seed", type=int, metavar="N", help="随机种子，默认每次不同 / random seed (a new one)"
    )
    verify.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON")
    report = _command(commands, shared, "report", "上次建索引的报告 / report of the last build")
    form = report.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON")
    form.add_argument("--csv", action="store_true", help="以 CSV 输出 / print CSV")
    serve = _command(commands, shared, "serve", "启动网页服务 / serve the web pages")
    serve.add_argument("--host", help="监听地址 / address (127.0.0.1)")
    serve.add_argument("--port", type=int, help="监听端口 / port (8000)")
    serve.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="进程数，0 为每核一个（至多 4 个） / processes; 0: one a core, at most 4 (0)",
    )
    return root


def _shared() -> _Parser:
    shared = _Parser(add_help=False)
    shared.add_argument("--index", metavar="DIR", help="索引目录 / index directory (./index)")
    shared.add_argument("--config", metavar="FILE", help="设置文件 / settings (./jianbao.toml)")
    shared.add_argument("--quiet", action="store_true", help="只报错 / say nothing but errors")
    return shared


def _command(
    commands: Commands,
    shared: _Parser,
    name: str,
    help: str,
) -> _Parser:
    return commands.add_parser(name, parents=[shared], help=help, description=help)


def _build(commands: Commands, shared: _Parser, name: str, help: str) -> None:
    build = _command(commands, shared, name, help)
    build.add_argument("folders", nargs="*", metavar="FOLDER", help="文件夹 / folders (corpus/)")
    build.add_argument(
        "--encoding", metavar="NAME", help="文本文件的编码 / encoding of all text files"
    )
    build.add_argument(
        "--workers",
        dest="build_workers",
        type=int,
        metavar="N",
        help="读文件、作分析的进程数，0 为每核一个 / processes; 0: one a core (0)",
    )
    build.add_argument(
        "--strict", action="store_true", help="有读不了的文件即失败 / fail if a file is refused"
    )
    build.add_argument(
        "--allow-empty", action="store_true", help="允许空索引 / accept an index without bulletins"
    )
    build.add_argument(
        "--force", action="store_true", help="允许大幅减少 / accept far fewer bulletins than before"
    )


def _search(commands: Commands, shared: _Parser) -> None:
    search = _command(commands, shared, "search", "检索 / search")
    search.add_argument("query", metavar="QUERY", help="检索词；空则列出全部 / empty lists all")
    search.add_argument("--mode", choices=list(MODES), default="all", help="检索方式 / mode")
    for facet in FACETS:
        search.add_argument(
            f"--{facet.parameter}",
            action="append",
            default=[],
            metavar="VALUE",
            help=f"{facet.name.zh}，可重复 / {facet.name.en.lower()}, repeatable",
        )
    search.add_argument("--from", dest="since", default="", metavar="DATE", help="起始日期 / from")
    search.add_argument("--to", dest="until", default="", metavar="DATE", help="截止日期 / to")
    search.add_argument("--sort", choices=list(SORTS), default="relevance", help="排序 / order")
    search.add_argument(
        "--without",
        action="append",
        default=[],
        choices=list(WRITINGS),
        help="不找这类其他写法，可重复 / leave out other writings of a kind, repeatable",
    )
    search.add_argument(
        "--explain",
        nargs="?",
        const="",
        metavar="BULLETIN",
        help="说明为什么有、为什么没有（编号、文件名或标题；不写则说明列出的各期）"
        " / say why a bulletin (id, file or title) is there or not; alone: each that is listed",
    )
    search.add_argument("--page", type=int, default=1, metavar="N", help="页码 / page")
    search.add_argument("--size", type=int, default=10, metavar="N", help="每页条数 / hits a page")
    search.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON")
