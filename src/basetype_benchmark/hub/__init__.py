"""Folders on the Hugging Face Hub: its client, what is sent and how, and what it refuses.

What is in a folder is known above: datasets in ``dataset/huggingface``, results in ``workflows``.
"""
