"""Rows of dots across which one drags: each shows what it depends on. No network, no widgets."""

import json
from string import Template

from course_utils.plotting.display import (
    BLUE,
    ORANGE,
    PIXELS,
    WIDTH,
    captioned,
    display_html,
    image,
)

ROW, LABELS, MARGIN = 66, 172, 14  # pixels of CSS where the page is wide enough

# Where no script runs, the still picture stays.
PAGE = Template(
    """<div>
$still
<div hidden="hidden">
<svg viewBox="0 0 $width $height" role="img" aria-label="What one unit depends on"
  style="width:${width}px;max-width:100%;display:block;touch-action:pan-y;cursor:pointer"></svg>
<label style="display:block;font-size:0.95em">unit
<input type="range" min="0" style="width:45%;vertical-align:middle"></label>
<output style="display:block;min-height:1.4em"></output>
</div>
<script>
{
  const [still, live] = document.currentScript.parentElement.children;
  const [svg, slider, told] = ["svg", "input", "output"].map((n) => live.querySelector(n));
  const {rows, below, names} = $network;  // rows: places of the dots; below: what each looks at
  const add = (kind, attributes, text = "") => {
    const element = document.createElementNS(svg.namespaceURI, kind);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.textContent = text;
    return svg.appendChild(element);
  };
  const y = (level) => $height - $row / 2 - level * $row;
  let level = rows.length - 1;

  const draw = (unit) => {
    let seen = new Set([unit]);
    const lit = [];
    svg.replaceChildren();
    for (let l = level; l >= 0; l--) {
      lit[l] = seen;
      const next = new Set();
      for (const u of l ? seen : []) {
        for (const place of below[l][u]) {
          next.add(place);
          add("line", {x1: rows[l][u], y1: y(l), x2: rows[l - 1][place], y2: y(l - 1),
                       stroke: "$blue", "stroke-opacity": 0.65});
        }
      }
      seen = next;
    }
    rows.forEach((row, l) => {
      add("text", {x: $labels - 22, y: y(l) + 6, "text-anchor": "end", "font-size": 17}, names[l]);
      row.forEach((x, u) => {
        const on = lit[l] && lit[l].has(u);
        const style = {fill: on ? "$orange" : "white", stroke: on ? "black" : "#aaa"};
        const r = l === level && u === unit ? $size + 2 : $size;
        if (l) add("circle", {cx: x, cy: y(l), r, ...style});
        else add("rect", {x: x - r, y: y(0) - r, width: 2 * r, height: 2 * r, ...style});
      });
    });
    slider.max = rows[level].length - 1;
    slider.value = unit;
    const pixels = [...lit[0]].sort((a, b) => a - b);
    const count = pixels.length === 1 ? "1 pixel" : pixels.length + " pixels";
    const ends = pixels.length ? ", from " + pixels[0] + " to " + pixels.at(-1) : "";
    told.textContent = names[level] + ", unit " + unit + ": " + count + ends + ".";
  };
  const drag = (event) => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) * $width / box.width;
    const height = ($height - (event.clientY - box.top) * $width / box.width) / $row;
    level = Math.min(Math.max(Math.floor(height), 0), rows.length - 1);
    const away = rows[level].map((place) => Math.abs(place - x));
    draw(away.indexOf(Math.min(...away)));
  };
  svg.onpointerdown = (event) => { svg.setPointerCapture(event.pointerId); drag(event); };
  svg.onpointermove = (event) => { if (event.buttons) drag(event); };
  slider.oninput = () => draw(slider.valueAsNumber);
  draw($unit);
  still.hidden = true;
  still.style.display = "none";
  live.hidden = false;
}
</script>
</div>"""
)


def draggable_html(figure, alt, rows, below, names, unit, caption=""):
    """Return the HTML of rows of dots, with a still picture of them for pages without scripts.

    Parameters
    ----------
    figure : matplotlib Figure
    alt : str
        Both as for ``figure_html``: the still picture and its description.
    rows : list of lists of numbers
        Where the dots of each row stand, the lowest row first; the first dot of that row at 0.
    below : list of lists of lists of int
        For each row and dot, the dots of the row below on which it depends.
    names : list of str
        One per row.
    unit : int
        The dot of the highest row that is shown first.
    caption : str
    """
    width = round(WIDTH * PIXELS)
    step = (width - LABELS - MARGIN) / max(max(map(max, rows)), 1)
    places = [[round(LABELS + step * place, 1) for place in row] for row in rows]
    page = PAGE.substitute(
        still=image(figure, alt),
        width=width,
        height=ROW * len(rows),
        row=ROW,
        labels=LABELS,
        size=round(min(7, step / 2 - 1), 1),
        network=json.dumps({"rows": places, "below": below, "names": names}),
        unit=unit,
        blue=BLUE,
        orange=ORANGE,
    )
    return captioned(page, caption)


def show_draggable(figure, alt, rows, below, names, unit, caption=""):
    """Show what ``draggable_html`` returns; frontends without HTML print ``alt``."""
    display_html(draggable_html(figure, alt, rows, below, names, unit, caption), alt)
