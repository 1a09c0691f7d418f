"""The demo: Ashenmoor, an invented borough, written through the same commands as everything."""
