"""Files in: recognise the form, check every rule, store whole or not at all."""
