"""Markdown in formgrader and in feedback: a learner's own cell shows as text, and never runs as a page.

nbconvert hands raw HTML and ``javascript:`` links on as they are, and nbgrader's templates do not clean them.
The course's own cells have no HTML in them.
"""

from __future__ import annotations

from html import escape
from typing import Any

from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from maatwerk_grading.bridge import clean


class _Renderer(IPythonRenderer):
    """Shows HTML as text, and fetches no picture from elsewhere."""

    def block_html(self, html: str) -> str:
        """HTML between paragraphs."""
        return f"<p>{escape(html)}</p>\n"

    def inline_html(self, html: str) -> str:
        """HTML in a paragraph."""
        return escape(html)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture: shown when it is in the notebook itself."""
        if url.startswith(("attachment:", "data:")):
            shown: str = super().image(text, url, title)
            return shown
        return escape(f"{text} ({url})")


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """nbconvert's filter of this name, with everything shown that is not Markdown.

    Parameters
    ----------
    context : jinja2.runtime.Context
        Of the template; it holds the cell.
    source : str
        Markdown, of the course or of a learner.
    """
    attachments = context.get("cell", {}).get("attachments", {})
    # Without the sign after each heading: a link that nobody needs, and that only its colour tells from it.
    renderer = _Renderer(
        escape=False, allow_harmful_protocols=False, attachments=attachments, exclude_anchor_links=True
    )
    try:
        page: str = MarkdownWithMath(renderer=renderer).render(clean(source))
    # An attachment that is not there, or Markdown made to break a reader: somebody has to mark it even so.
    except Exception:
        page = f"<pre>{escape(clean(source))}</pre>"
    return page
