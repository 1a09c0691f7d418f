"""What every page has: templates and their filters, header, footer, colours."""
