"""What leaves the site: posters, panels, mails and the feed."""
