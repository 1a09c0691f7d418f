"""Content for use outside the site: posters, panels, mails and the feed."""
