MATCH (t:Tenant {id: $tenant_id})-[:OCCUPIES]->(s:Space)-[:IS_METERED_BY]->(m:Meter)
WITH DISTINCT t, m
MATCH (m)-[:HAS_POINT]->(p:Point)-[:HAS_CHUNK]->(c)
WHERE p.point_type = 'energy_interval' AND c.day > $start - 86400 AND c.day < $end
WITH t.building_id AS building_id, c.day AS day, c.timestamps AS times, c.values AS readings
UNWIND range(0, size(times) - 1) AS i
WITH building_id, day, times[i] AS time, readings[i] AS reading
WHERE time >= $start AND time < $end
WITH building_id, day, toInteger(time / 3600) * 3600 AS hour, sum(reading) AS kwh
WITH building_id, day, collect({hour: hour, kwh: kwh}) AS hours
MATCH (b:Building {id: building_id})<-[:CONTAINS]-(o:Site)-[:HAS_POINT]->(g:Point)-[:HAS_CHUNK]->(c)
WHERE g.point_type = 'carbon_intensity' AND c.day = day
// The window cuts the readings of the meters only: one in the middle of an hour takes the
// intensity of the hour's beginning, which may lie before the window.
WITH day, hours, c.timestamps AS times, c.values AS intensities
UNWIND range(0, size(times) - 1) AS i
WITH day, hours, times[i] AS time, intensities[i] AS intensity
UNWIND hours AS metered
WITH day, time, intensity, metered.hour AS hour, metered.kwh AS kwh
WHERE time = hour
RETURN day, sum(kwh) AS energy_kwh, sum(kwh * intensity) / 1000 AS carbon_kg
ORDER BY day
