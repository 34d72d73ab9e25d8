"""Animations: frames and a small player, which loads nothing from the network."""

import json
from string import Template

from course_utils.explore import is_grading
from course_utils.plotting.display import captioned, display_html, image, png_url

# In a notebook that is not trusted yet, the page has no script and shows the first frame alone;
# JupyterLab then keeps `hidden` only where it has a value.
PLAYER = Template(
    """<div>
$first_frame
<div hidden="hidden" style="margin-top:6px">
<button type="button" style="width:6em;padding:4px"></button>
<button type="button" style="padding:4px 10px" aria-label="frame before">‹</button>
<button type="button" style="padding:4px 10px" aria-label="next frame">›</button>
<input type="range" aria-label="frame" min="0" max="$last" value="0"
  style="width:45%;vertical-align:middle">
</div>
<script>
{
  const player = document.currentScript.parentElement;
  const image = player.querySelector("img");
  const [play, back, forward] = player.querySelectorAll("button");
  const slider = player.querySelector("input");
  const frames = [image.src, ...$other_frames];
  let timer = null;

  const show = (number) => {
    slider.value = number;  // which keeps it within its limits
    image.src = frames[slider.value];
  };
  const step = (by) => show(slider.valueAsNumber + by);
  const atEnd = () => slider.value === slider.max;
  const pause = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "▶ Play";
  };

  play.onclick = () => {
    if (timer !== null) return pause();
    if (atEnd()) show(0);
    timer = setInterval(() => { step(1); if (atEnd()) pause(); }, $interval);
    play.textContent = "Ⅱ Pause";
  };
  back.onclick = () => { pause(); step(-1); };
  forward.onclick = () => { pause(); step(1); };
  slider.oninput = () => { pause(); step(0); };
  pause();
  slider.parentElement.hidden = false;
}
</script>
</div>"""
)


def animate(figure, update, frames, alt, caption="", interval=700):
    """Show an animation with a player; do nothing while grading.

    Parameters
    ----------
    figure : matplotlib Figure
    update : callable
        Called with each frame's number, draws on ``figure``.
    frames : int
        Number of frames.
    alt, caption : str
        As for ``figure_html``.
    interval : int
        Milliseconds a frame stays.
    """
    if not is_grading():
        display_html(animation_html(figure, update, frames, alt, caption, interval), alt)


def animation_html(figure, update, frames, alt, caption="", interval=700):
    """Return the HTML that ``animate`` shows."""
    update(0)
    first_frame = image(figure, alt)
    other_frames = []
    for number in range(1, frames):
        update(number)
        other_frames.append(png_url(figure))
    player = PLAYER.substitute(
        first_frame=first_frame,
        last=frames - 1,
        other_frames=json.dumps(other_frames),
        interval=interval,
    )
    return captioned(player, caption)
