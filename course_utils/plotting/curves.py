"""How the curves of one figure are told apart: by colour, line and marker at once."""

from course_utils.plotting.display import LINE_STYLES, MARKERS, OKABE_ITO


def curve_style(index):
    """Keyword arguments of ``plot`` for the curve with this number, from 0."""
    return {
        "color": OKABE_ITO[index % len(OKABE_ITO)],
        "linestyle": LINE_STYLES[index % len(LINE_STYLES)],
        "marker": MARKERS[index % len(MARKERS)],
    }
