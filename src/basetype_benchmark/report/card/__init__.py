"""The card of published results: ``README.md`` of their repository on the Hugging Face Hub."""
