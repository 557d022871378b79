"""The daily check-in: what is looked at, decided, and kept for ever at its close."""
