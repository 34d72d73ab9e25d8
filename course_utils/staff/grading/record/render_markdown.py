"""HTML of Markdown, as nbconvert makes it; called in the text worker."""

import course_utils.staff.light_jsonschema  # noqa: F401  before nbconvert

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course_utils.staff.grading.record.clean_html import clean_html


def markdown(source, options):
    """Return clean HTML of a Markdown text; ``options`` are those of nbconvert's renderer."""
    renderer = IPythonRenderer(escape=False, **options)
    return clean_html(MarkdownWithMath(renderer=renderer).render(source))
