"""Everything that is said to people: language, figures, names, sentences. Knows no web."""
