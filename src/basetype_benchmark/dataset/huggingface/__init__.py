"""Datasets on the Hugging Face Hub: a bundle to upload, and download of all or a part of one.

A repository holds one dataset, with the files of its folder as they are, and beside them a card
(``README.md``), Croissant metadata (``croissant.json``) and the list of the parts with their
digests (``parts.json``), which lets a part of the dataset be checked against the fingerprint of
the whole. ``dataset.json`` is uploaded last: a repository without it holds no whole dataset.
"""
