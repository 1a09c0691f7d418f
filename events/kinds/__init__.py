"""Kinds of question: what an answer may contain, how it is read and refused; a module each."""
