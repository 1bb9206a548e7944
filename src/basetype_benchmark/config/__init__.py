"""Which profiles, scenarios, levels and protocols there are: data, hardly any behaviour."""
