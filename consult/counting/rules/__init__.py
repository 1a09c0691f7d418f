"""Rules for single choices, approvals, grades and orders."""
