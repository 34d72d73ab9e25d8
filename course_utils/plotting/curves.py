"""Curves: told apart by colour, line and marker at once, with text that a phone can show."""

from course_utils.plotting.display import LINE_STYLES, MARKERS, OKABE_ITO

TEXT_SIZE = 13  # points; as wide as the page, such text need not scroll on a phone


def curve_style(index):
    """Keyword arguments of ``plot`` for the curve with this number, from 0."""
    return {
        "color": OKABE_ITO[index % len(OKABE_ITO)],
        "linestyle": LINE_STYLES[index % len(LINE_STYLES)],
        "marker": MARKERS[index % len(MARKERS)],
    }


def enlarge_text(axes):
    """Give the title, the labels, the numbers and the legend of ``axes`` one legible size."""
    axes.tick_params(labelsize=TEXT_SIZE)
    legend = axes.get_legend()
    texts = [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
    for text in texts + (legend.get_texts() if legend else []):
        text.set_fontsize(TEXT_SIZE)
