MATCH (t:Tenant {id: $tenant_id})-[:OCCUPIES]->(s:Space)-[:IS_METERED_BY]->(m:Meter)
WITH DISTINCT m
MATCH (m)-[:HAS_POINT]->(p:Point)-[:HAS_CHUNK]->(c)
WHERE p.point_type = 'energy_interval' AND c.day > $start - 86400 AND c.day < $end
WITH m.id AS meter_id, m.end_use AS end_use, c.timestamps AS times, c.values AS readings
UNWIND range(0, size(times) - 1) AS i
WITH meter_id, end_use, times[i] AS time, readings[i] AS reading
WHERE time >= $start AND time < $end
RETURN end_use, count(DISTINCT meter_id) AS meters, sum(reading) AS energy_kwh
ORDER BY end_use
