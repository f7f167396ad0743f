"""What is the least that an answer takes?  A Flask page with nothing in it, served as ours is.

python -m benchmarks.bare WORKERS
"""

from __future__ import annotations

import signal
import sys

from flask import Flask

from indexer.settings import Settings
from webui.server import serve_app


def main() -> None:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "ok")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    serve_app(app, Settings(port=0, workers=int(sys.argv[1])))


if __name__ == "__main__":
    main()
