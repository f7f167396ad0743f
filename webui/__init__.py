"""How does a person, or another page, search?"""

from webui.factory import create_app
from webui.server import serve

__all__ = ["create_app", "serve"]
