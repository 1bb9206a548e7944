"""The report of a campaign: one HTML page that opens offline.

What the page says is built by pure functions out of what a campaign has written (`build.py`), as
plain records (`model.py`); only then is it written as HTML (`page.py`).
"""
