"""How alt texts count."""


def counted(count, noun):
    """A number with its noun, in the plural where there is not one of it: "1 curve", "2 curves"."""
    return f"{count} {noun}{'' if str(count) == '1' else 's'}"
