"""Parts of pages that are long enough to read by themselves: each asks, shapes and shows one subject."""
