"""Data: a module per tutorial, called like it; what several share is named for what it holds."""
