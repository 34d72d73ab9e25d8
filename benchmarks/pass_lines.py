"""Measure the pass lines of tutorial 5: accuracies in grading mode over many seeds.

    python benchmarks/pass_lines.py            # 24 seeds
    python benchmarks/pass_lines.py --seeds 40

Trains the networks of the source notebook as the hidden tests do: a few epochs, another split,
other names of the classes and another random start for every seed. Prints one line per seed,
then mean, standard deviation and the pass line, three standard deviations below the mean. Ends
with 1 where `MEASURED` in `course_utils.datasets.image_tokenization` says something else.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

from course_utils.datasets.image_tokenization import GRADING_EPOCHS, PASS_LINES
from course_utils.staff.authoring.source_notebook import SourceNotebook
from course_utils.staff.reference.image_tokenization import cases

NOTEBOOK = Path(__file__).parents[1] / "source/05_image_tokenization/image_tokenization.ipynb"
FEWEST_SEEDS = 20
TOLERANCE = 0.01  # torch sums in another order on another processor


def accuracy(namespace, network, seed):
    """Share of right labels of one network ("cnn", or the tokens of a reader) for one seed."""
    reads = {} if network == "cnn" else {"tokens": network}
    function = namespace["cnn_train_and_predict" if network == "cnn" else "rnn_train_and_predict"]
    rng = np.random.default_rng(seed)
    (case,) = cases.digits(rng, epochs=GRADING_EPOCHS, seed=seed, **reads)
    train_images, train_labels, test_images, test_labels = case.args
    labels = function(train_images, train_labels, test_images, **case.kwargs)
    return float(np.mean(labels == test_labels))


def main():
    """Print the table; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=24, help="how many (at least 20)")
    seeds = parser.parse_args().seeds
    if seeds < FEWEST_SEEDS:
        parser.error(f"--seeds is {seeds}; it takes {FEWEST_SEEDS} or more")
    namespace = SourceNotebook(NOTEBOOK).namespace()
    table = np.array(
        [
            [accuracy(namespace, network, seed) for network in PASS_LINES]
            for seed in tqdm(range(seeds), "seeds", leave=False)
        ]
    )
    print(f"{GRADING_EPOCHS} epochs; accuracy on 500 unseen digits")
    print(f"{'seed':>6}" + "".join(f"{network:>10}" for network in PASS_LINES))
    for seed, row in enumerate(table):
        print(f"{seed:>6}" + "".join(f"{value:>10.3f}" for value in row))
    mean, deviation = table.mean(axis=0), table.std(axis=0, ddof=1)
    lines = mean - 3 * deviation
    used = np.array(list(PASS_LINES.values()))
    for title, row in (("mean", mean), ("sigma", deviation), ("line", lines), ("in use", used)):
        print(f"{title:>6}" + "".join(f"{value:>10.3f}" for value in row))
    if (abs(lines - used) > TOLERANCE).any():
        print("The lines in use are not the measured ones: write mean and sigma into MEASURED.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
