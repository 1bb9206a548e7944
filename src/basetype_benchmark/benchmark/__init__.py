"""What a measurement is: samples, outcomes, resources, statistics, result files."""
