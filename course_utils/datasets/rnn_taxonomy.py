"""A short tale to learn by heart, written for this course, and tasks to sort."""

TALE = """\
A snail set out one morning to find the way to the sea. She had no map and no books. She had one \
small shell, and whatever she wished to keep had to fit into it.

On the first day she met a stone. "What do you remember?" asked the snail. "Everything," said the \
stone, "for I let nothing in." The snail kept what she could, and went on a little slower than \
before.

On the second day she met a river. "What do you remember?" asked the snail. "Nothing," said the \
river, "for I hold nothing still." The snail kept what she could, and went on a little slower \
than before.

On the third day she met an echo. "What do you remember?" asked the snail. "You remember," said \
the echo, "you remember, for I keep the ends of things." The snail kept what she could, and went \
on a little slower than before.

On the fourth day she met a magpie. "What do you remember?" asked the snail. "Whatever shines," \
said the magpie, "for I have a small nest." The snail kept what she could, and went on a little \
slower than before.

On the fifth day she met a clerk. "What do you remember?" asked the snail. "What I wrote down," \
said the clerk, "for I choose what to write, and what to cross out, and what to read aloud." The \
snail kept what she could, and went on a little slower than before.

On the sixth day she met the sea. "What do you remember?" asked the sea. The snail looked into \
her shell. The stone was there, and the river, and the echo, and the magpie, and the clerk, each \
of them smaller than before, and none of them quite in its place. "Enough," said the snail, "to \
find the way home."
"""

# Tasks by what goes in and what comes out; which of the four kinds each is, the notebook asks.
TASKS = {
    "image caption": "one photograph in, a sentence out",
    "music": "genre, key and composer in, a melody out",
    "text in a style": "genre and author in, a text out",
    "stock direction": "prices of 30 days in, up or down out",
    "sentiment": "a review in, how pleased its author is out",
    "text classification": "an article in, its subject out",
    "health monitoring": "an hour of pulse readings in, an alarm or none out",
    "translation": "an English sentence in, a Chinese one out",
    "phonetic transcription": "a spelled sentence in, its sounds out",
    "handwriting": "strokes of a pen in, the letters written out",
    "image class": "one photograph in, one label out",
}
