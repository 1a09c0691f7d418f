"""Forms with answers: parse, render and describe them."""
