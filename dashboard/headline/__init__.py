"""The one sentence under each title: what the page found. One module a page."""
