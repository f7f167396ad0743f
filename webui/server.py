"""How do the pages reach the network?  A WSGI server with limits, in several processes."""

from __future__ import annotations

import socket
import sys
from typing import Any, Final

import waitress
from flask import Flask
from waitress.adjustments import Adjustments
from waitress.server import BaseWSGIServer, TcpWSGIServer

from indexer.errors import EnvironmentFault, WrongUsage
from indexer.garbage import settle
from indexer.settings import Settings, cores
from webui import workers
from webui.factory import create_app

LARGEST_PORT: Final = 65_535
MOST_WORKERS: Final = 4
"""Processes unless more are asked for: each holds the names that are suggested, and its caches."""
LIMITS: Final[dict[str, Any]] = {
    # With waitress's 100, that many half-open clients shut everybody else out.
    "connection_limit": 1_000,
    "channel_timeout": 30,
    "max_request_body_size": 1_000_000,
    # A query may have 2,000 characters; a Han character takes nine in an address.
    "max_request_header_size": 32_000,
    # No Server header: nobody need know what and which version answers.
    "ident": None,
}


def serve(settings: Settings) -> None:
    """Serve until interrupted.  Raises `EnvironmentFault` if the port cannot be had."""
    app = create_app(settings)
    settle()
    serve_app(app, settings)


def serve_app(app: Flask, settings: Settings) -> None:
    """Serve an application in as many processes as are set; say so once when all are ready."""
    count = count_of(settings)
    if count == 1:
        server = listen(app, settings)
        _say(server.socket)
        _run(server)
        return
    with _bound(settings) as listening:

        def work(tie: socket.socket) -> None:
            map: dict[int, Any] = {}
            server = OneOfSeveral(app, settings, listening, map)
            workers.Tie(tie, map)
            _run(server)

        workers.run(work, count, lambda: _say(listening))


def listen(app: Flask, settings: Settings) -> BaseWSGIServer:
    """Return a server that listens already, and answers once its `run` is called."""
    listening = _bound(settings)
    server = waitress.create_server(app, sockets=[listening], threads=settings.threads, **LIMITS)
    assert isinstance(server, BaseWSGIServer)  # one socket, one server
    return server


class OneOfSeveral(TcpWSGIServer):  # type: ignore[misc]
    """Takes connections from a socket that others take from too, while it has a thread to answer:
    what it took with all of them at work would have to wait for the slowest.
    """

    def __init__(
        self, app: Flask, settings: Settings, listening: socket.socket, map: dict[int, Any]
    ) -> None:
        place = listening.family, listening.type, listening.proto, listening.getsockname()
        super().__init__(
            app,
            map,
            _sock=listening,
            adj=Adjustments(sockets=[listening], threads=settings.threads, **LIMITS),
            sockinfo=place,
            bind_socket=False,
        )

    def readable(self) -> bool:
        """Say whether a connection may be taken; asked again whenever an answer is finished."""
        at_work = sum(bool(channel.requests) for channel in self.active_channels.values())
        return bool(super().readable()) and at_work < self.adj.threads


def address(listening: socket.socket) -> str:
    """Return the address of a listening socket, its actual port in it."""
    host, port = socket.getnameinfo(listening.getsockname(), socket.NI_NUMERICSERV)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _say(listening: socket.socket) -> None:
    print(f"简报搜索 Jianbao: {address(listening)}", file=sys.stderr, flush=True)


def _run(server: BaseWSGIServer) -> None:
    try:
        server.run()
    finally:
        server.close()


def count_of(settings: Settings) -> int:
    """Return how many processes are to answer.  Raises `WrongUsage`."""
    if settings.workers < 0:
        raise WrongUsage(
            "workers 应为 0 或正整数。", "workers must be a whole number of 0 or more."
        )
    return settings.workers or min(cores(), MOST_WORKERS)


def _bound(settings: Settings) -> socket.socket:
    """Return a socket at the host and port.  Waitress itself would leak when that fails."""
    if not 0 <= settings.port <= LARGEST_PORT:
        raise WrongUsage(
            f"port 应为 0 到 {LARGEST_PORT} 的整数。",
            f"port must be a whole number from 0 to {LARGEST_PORT}.",
        )
    place = f"{settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, _, _, _, where = found[0]
        return socket.create_server((where[0], settings.port), family=family)
    except OSError as error:
        reason = error.strerror or error
        raise EnvironmentFault(
            f"无法监听 {place}：{reason}。", f"Cannot listen on {place}: {reason}."
        ) from None
