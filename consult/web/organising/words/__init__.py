"""Reading and exporting what people wrote."""
