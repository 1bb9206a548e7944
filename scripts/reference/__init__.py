"""Writes the parts of the documentation that the code knows better than anybody.

``python -m scripts.reference`` writes them anew; a test fails when one of them is stale.
"""
