"""What the launcher serves beside the pages: health, uploads, security headers, and the one open workspace."""
