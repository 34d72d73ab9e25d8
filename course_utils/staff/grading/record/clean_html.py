"""Make a student's HTML and Markdown safe to show to a grader who is logged in.

The formgrader is a page of the Jupyter server: a script that runs there acts with the grader's
login and can rewrite the grades. So nothing active gets through, nor what loads from elsewhere
(which tells who reads what and when), nor what covers or imitates the page around it. The rules
are lists of what may stay, and what is in no list goes. `nh3` parses and writes the HTML.
"""

import html
import re
from collections import Counter
from functools import lru_cache

import nh3
import tinycss2
from pygments.token import STANDARD_TYPES

_TAGS = nh3.ALLOWED_TAGS - {"area", "map"}  # a picture that is a link all over

_ATTRIBUTES = {
    "*": {"aria-label", "class", "dir", "id", "lang", "style", "title"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "type"},
    "table": {"border"},
    "td": {"align", "colspan", "rowspan", "valign"},
    "th": {"align", "colspan", "rowspan", "scope", "valign"},
}

# What colours code, marks the links of headings and draws pandas' tables. The page's own classes
# (`score`, `btn full-credit`, …) look like its fields, and its scripts find them by these names.
_CLASSES = {"anchor-link", "dataframe", "highlight", *filter(None, STANDARD_TYPES.values())}

# Ids in a student's text must not be taken for those of the page, which are the cells' names.
_ID_PREFIX = "text-"

_IMAGE = re.compile(r"data:image/(?:gif|jpeg|png|svg\+xml|webp);base64,[A-Za-z0-9+/=\s]*")
# a picture that was handed in or out with the notebook
_PICTURE_FILE = re.compile(r"(?!.*\.\.)[^/:?#\\%\s][^:?#\\\s]*\.(?:gif|jpe?g|png|svg|webp)", re.I)
_LINK = re.compile(r"(?:https?://|mailto:)", re.I)

_CSS = re.compile(
    r"background|background-color|color|opacity"
    r"|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?"
    r"|border-(?:collapse|radius|spacing)|box-sizing|display|height|line-height"
    r"|(?:margin|padding)(?:-(?:top|right|bottom|left))?|(?:min-|max-)?width|min-height"
    r"|font|font-(?:family|size|style|variant|weight)|list-style-type"
    r"|text-align|text-decoration|vertical-align|white-space|word-break|overflow-(?:wrap|x)"
)
_LONGEST_STYLE = 1000  # characters
_CSS_FUNCTIONS = {"hsl", "hsla", "rgb", "rgba"}
_DISPLAYS = {"block", "inline", "inline-block", "table", "table-cell", "table-row"}

# MathJax turns these into links, styles, ids and classes; the page's MathJax refuses the dangerous
# ones as long as its `Safe` extension is loaded.
_ACTIVE_MATH = re.compile(r"\\(?:href|class|cssId|style|bbox|require|mmlToken|unicode)(?![A-Za-z])")

# Parsing and writing take time that grows with the square of the depth.
_DEEPEST = 200


def clean_html(text):
    """Return HTML without whatever acts, loads from elsewhere or leaves its place on the page.

    Parameters
    ----------
    text : str
        A fragment of HTML. Tags nested more than 200 deep are shown as text instead.
    """
    if _depth(text) > _DEEPEST:
        return as_text(text)
    cleaned = nh3.clean(
        text,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "template", "noscript", "textarea"},
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"data", "http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return clean_math(cleaned)


def clean_math(text):
    r"""Return text in which MathJax finds no link, id, class or style, only words (``\text``)."""
    return _ACTIVE_MATH.sub(r"\\text", text)


def as_text(source):
    """Return HTML that shows ``source`` as it was written."""
    return f"<pre>{html.escape(clean_math(source))}</pre>"


def _attribute(tag, name, value):
    """Return what an attribute may be, or None to drop it."""
    if name == "style":
        return _style(value) if len(value) <= _LONGEST_STYLE else None
    if name == "class":
        return " ".join(word for word in value.split() if word in _CLASSES) or None
    if name == "id":
        return value if value.startswith(_ID_PREFIX) else _ID_PREFIX + value
    if name == "href":
        if value.startswith("#"):
            return "#" + _attribute(tag, "id", value[1:])
        return value if _LINK.match(value) else None
    if name == "src":
        return value if _IMAGE.fullmatch(value) or _PICTURE_FILE.fullmatch(value) else None
    return value


@lru_cache(maxsize=256)  # the cards of a notebook share one style
def _style(text):
    """Return the declarations that may stay; the text itself where all of them may."""
    declarations = tinycss2.parse_declaration_list(text, skip_comments=True, skip_whitespace=True)
    kept = [item for item in declarations if item.type == "declaration" and _may_stay(item)]
    if len(kept) == len(declarations):
        return text
    return (
        ";".join(f"{item.name}:{tinycss2.serialize(item.value).strip()}" for item in kept) or None
    )


def _may_stay(declaration):
    name = declaration.lower_name
    tokens = [token for token in declaration.value if token.type not in ("whitespace", "comment")]
    if not _CSS.fullmatch(name) or declaration.important or not all(map(_is_plain, tokens)):
        return False
    # A box lower than its content lets the content run over what stands below it.
    if name == "height":
        return all(token.type == "ident" for token in tokens)
    if name == "line-height":
        return all(token.type == "number" and token.value >= 1 for token in tokens)
    if name == "font":
        return not any(token.type == "literal" and token.value == "/" for token in tokens)
    if name == "overflow-x":  # hidden would cut off what a person is to read
        return all(token.type == "ident" and token.lower_value == "auto" for token in tokens)
    if name == "display":
        return all(token.type == "ident" and token.lower_value in _DISPLAYS for token in tokens)
    return True


def _is_plain(token):
    """Whether a part of a value is a word, a colour or a size that pulls nothing out of place."""
    if token.type in ("number", "dimension", "percentage"):
        return token.value >= 0
    if token.type == "function":
        return token.lower_name in _CSS_FUNCTIONS
    if token.type == "literal":
        return token.value in ",/"
    return token.type in ("ident", "hash", "string")


def _depth(text):
    """Return a bound on how deep the tags of ``text`` are nested."""
    is_open, depth, deepest = Counter(), 0, 0
    for tag in _TAG.finditer(text.lower()):
        closing, name = tag.groups()
        if closing and is_open[name]:
            is_open[name] -= 1
            depth -= 1
        elif not closing and name not in _NEVER_DEEP:
            is_open[name] += 1
            depth += 1
            deepest = max(deepest, depth)
    return deepest


_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
# They hold nothing, or end where the next one begins.
_NEVER_DEEP = {
    *("br", "col", "hr", "img", "input", "link", "meta", "wbr"),
    *("dd", "dt", "li", "p", "td", "th", "tr"),
}
