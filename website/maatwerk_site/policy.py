"""The content security policy of the site's pages: what the browser may load, and from where.

Nothing from anywhere but the site itself. Beyond that, JupyterLite needs:

* ``'wasm-unsafe-eval'``: Python is WebAssembly.
* ``blob:`` for scripts: anywidget makes each widget's module a blob; the kernel's worker is started from one.
* ``'unsafe-inline'`` for styles: JupyterLab, and the widgets in it, set styles in the page.

A page's own inline scripts are named by their digest.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

_INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)


def course_policy(page: str) -> str:
    """The policy of the page in which the course runs."""
    scripts = ["'self'", "blob:", "'wasm-unsafe-eval'", *_digests(page)]
    return _policy(
        {
            "script-src": scripts,
            "style-src": ["'self'", "'unsafe-inline'"],
            "img-src": ["'self'", "data:", "blob:"],
            "font-src": ["'self'", "data:"],
            "connect-src": ["'self'", "data:", "blob:"],
            "worker-src": ["'self'", "blob:"],
            "manifest-src": ["'self'"],
        }
    )


def plain_policy(page: str) -> str:
    """The policy of a page that is only read."""
    return _policy(
        {
            "script-src": ["'self'", *_digests(page)],
            "style-src": ["'self'"],
            "img-src": ["'self'", "data:"],
        }
    )


def with_policy(page: str, policy: str) -> str:
    """The page with its policy, before anything that it governs."""
    head, sep, rest = page.partition("<head>")
    if not sep:
        raise ValueError("the page has no <head>")
    return f'{head}<head>\n    <meta http-equiv="Content-Security-Policy" content="{policy}">{rest}'


def _policy(rules: dict[str, list[str]]) -> str:
    common = {"default-src": ["'none'"], "base-uri": ["'self'"], "form-action": ["'none'"]}
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in {**common, **rules}.items())


def _digests(page: str) -> Iterable[str]:
    for found in _INLINE.finditer(page):
        attributes, code = found["attributes"], found["code"]
        # Data is not run.
        if "src=" in attributes or "application/json" in attributes:
            continue
        yield f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
