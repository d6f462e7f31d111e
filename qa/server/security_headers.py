"""Security headers for browsers."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def with_security_headers(scope: Scope, send: Send) -> Send:
    """Send with the security headers. The documentation page may run its own inline script."""
    held: list[Message] = []

    async def strictly(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if scope["path"].startswith("/v1/"):
                headers.setdefault("Cache-Control", "no-store")
            if headers.get("content-type", "").startswith("text/html"):
                held.append(message)
                return
            headers.setdefault("Content-Security-Policy", _POLICY)
        elif held:
            start = held.pop()
            MutableHeaders(scope=start).setdefault("Content-Security-Policy", _page_policy(message.get("body", b"")))
            await send(start)
        await send(message)

    return strictly


def _page_policy(page: bytes) -> str:
    scripts: Iterable[bytes] = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    hashes = " ".join(f"'sha256-{b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)
    return (
        f"{_POLICY}; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'"
    ).replace(" ;", ";")
