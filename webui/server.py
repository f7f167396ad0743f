"""How do the pages reach the network?  A production WSGI server with limits."""

from __future__ import annotations

import sys
from typing import Any, Final

import waitress
from flask import Flask
from waitress.server import BaseWSGIServer, MultiSocketServer

from indexer.errors import EnvironmentFault
from indexer.settings import Settings

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


def serve(app: Flask, settings: Settings) -> None:
    """Serve until interrupted.  Raises `EnvironmentFault` if the port cannot be had."""
    server = listen(app, settings)
    for line in addresses(server):
        print(f"简报搜索 Jianbao: {line}", file=sys.stderr, flush=True)
    try:
        server.run()
    finally:
        server.close()


def listen(app: Flask, settings: Settings) -> MultiSocketServer | BaseWSGIServer:
    """Return a server that listens already, and answers once its `run` is called."""
    try:
        return waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            **LIMITS,
        )
    except (OSError, ValueError) as error:
        where = f"{settings.host}:{settings.port}"
        reason = getattr(error, "strerror", None) or error
        raise EnvironmentFault(
            f"无法监听 {where}：{reason}。", f"Cannot listen on {where}: {reason}."
        ) from None


def addresses(server: MultiSocketServer | BaseWSGIServer) -> list[str]:
    """Return the addresses of a listening server, its actual port in them."""
    listening = getattr(server, "effective_listen", None) or [
        (server.effective_host, server.effective_port)
    ]
    return [f"http://{f'[{host}]' if ':' in host else host}:{port}/" for host, port in listening]
