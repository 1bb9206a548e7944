"""Full disclosure of a campaign: ``disclosure.json`` for programs, ``disclosure.md`` for people."""
