"""The first room, trusted: files are read once and safely, the assignment's shape is restored."""
