"""How do the pages reach the network?  A production WSGI server with limits."""

from __future__ import annotations

import socket
import sys
from typing import Any, Final

import waitress
from flask import Flask
from waitress.server import BaseWSGIServer

from indexer.errors import EnvironmentFault, WrongUsage
from indexer.settings import Settings
from webui.factory import create_app

LARGEST_PORT: Final = 65_535
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
    server = listen(create_app(settings), settings)
    print(f"简报搜索 Jianbao: {address(server)}", file=sys.stderr, flush=True)
    try:
        server.run()
    finally:
        server.close()


def listen(app: Flask, settings: Settings) -> BaseWSGIServer:
    """Return a server that listens already, and answers once its `run` is called."""
    server = waitress.create_server(
        app, sockets=[_bound(settings)], threads=settings.threads, **LIMITS
    )
    assert isinstance(server, BaseWSGIServer)  # one socket, one server
    return server


def address(server: BaseWSGIServer) -> str:
    """Return the address of a listening server, its actual port in it."""
    host, port = server.effective_host, server.effective_port
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


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
