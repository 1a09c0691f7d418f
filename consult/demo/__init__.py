"""The demo: Ashenmoor, an invented borough, written through the ordinary commands."""
