"""One simulated day of a building: weather, people, rooms, plant, power, faults."""
