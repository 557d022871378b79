"""The dashboard that leaders open."""
