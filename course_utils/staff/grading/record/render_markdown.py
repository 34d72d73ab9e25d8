"""HTML of Markdown, as nbconvert makes it; called in the text worker.

nbconvert and mistune miss three things that a student sees in JupyterLab: attached pictures whose
name has a blank, attached pictures in HTML, and dollars that are no formula.
"""

import html
import re
import unicodedata
from urllib.parse import quote, unquote

import course_utils.staff.light_jsonschema  # noqa: F401  before nbconvert

from nbconvert.filters.markdown_mistune import (
    IPythonRenderer,
    MarkdownWithMath,
    MathInlineParser,
)

from course_utils.staff.grading.record.clean_html import clean_html

_ATTACHED = "attachment:"
_IMAGE_SOURCE = re.compile(
    r"""(<img\b[^<>]*?\ssrc\s*=\s*)(?:"(attachment:[^"]*)"|'(attachment:[^']*)'"""
    r"""|(attachment:[^\s"'<>]*))""",
    re.IGNORECASE,
)
# MathJax looks for both dollars of a formula in one element
_DOLLAR = "<span>$</span>"


def markdown(source, options):
    """Return clean HTML of a Markdown text; ``options`` are those of nbconvert's renderer."""
    for name in map(unquote, options.get("attachments") or ()):
        if " " in name:  # with which Markdown takes it for no address
            source = source.replace(f"({_ATTACHED}{name})", f"({_ATTACHED}{quote(name)})")
    renderer = _Renderer(escape=False, **options)
    inline = _InlineParser(hard_wrap=False)
    return clean_html(MarkdownWithMath(renderer=renderer, inline=inline).render(source))


class _InlineParser(MathInlineParser):
    def parse_escape(self, m, state):
        r"""Keep ``5\$ or 6\$`` from being a formula once the backslashes are gone."""
        if "$" not in m[0]:
            return super().parse_escape(m, state)
        text = html.escape(re.sub(r"(?s)\\(.)", r"\1", m[0])).replace("$", _DOLLAR)
        state.append_token({"type": "inline_html", "raw": text})
        return m.end()


class _Renderer(IPythonRenderer):
    """nbconvert's renderer; a picture that is not attached costs its own place only."""

    def __init__(self, **options):
        super().__init__(**options)
        self._attached = {_same(name): name for name in self.attachments}

    def image(self, text, url, title=None):
        """Return a picture; its description is no place for elements."""
        if self._is_missing(url):
            return _missing(url)
        return super().image(text.replace(_DOLLAR, "$"), url, title)

    def block_html(self, text):
        """Return HTML with the attached pictures in it."""
        return super().block_html(self._with_pictures(text))

    def inline_html(self, text):
        """Return HTML with the attached pictures in it."""
        return super().inline_html(self._with_pictures(text))

    def _with_pictures(self, text):
        def embedded(match):
            source = match[2] or match[3] or match[4]
            if self._is_missing(source):
                return _missing(source) + match[0]
            return f'{match[1]}"{html.escape(self._embed_image_or_attachment(source))}"'

        return _IMAGE_SOURCE.sub(embedded, text)

    def _embed_image_or_attachment(self, src):
        if not src.startswith(_ATTACHED):
            return super()._embed_image_or_attachment(src)
        name = self._attached[_same(src.removeprefix(_ATTACHED))]
        return super()._embed_image_or_attachment(_ATTACHED + name)

    def _is_missing(self, src):
        is_attached = src.startswith(_ATTACHED)
        return is_attached and _same(src.removeprefix(_ATTACHED)) not in self._attached


def _missing(src):
    return f"<em>(missing picture: {html.escape(unquote(src.removeprefix(_ATTACHED)))})</em>"


def _same(name):
    """What the ways to write a name have in common: JupyterLab writes a blank as %20."""
    return unicodedata.normalize("NFC", unquote(html.unescape(name)))
