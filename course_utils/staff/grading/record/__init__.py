"""The third room, trusted: outputs are merged and cleaned, grades saved."""
