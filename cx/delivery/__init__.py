"""Bringing alerts to people: the list in the app, webhooks, e-mail, and the thread beside the pages that does it."""
