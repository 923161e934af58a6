"""The web application: pages for viewers and a JSON API that answers the same."""
