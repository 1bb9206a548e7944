MATCH (r:Equipment)
WHERE r.building_id = $building_id AND r.equipment_type = 'rack'
OPTIONAL MATCH (r)-[:HAS_PART|FEEDS*1..20]->(d:Equipment)
WHERE d.id <> r.id
WITH r, count(DISTINCT d) AS dependents
OPTIONAL MATCH
  (r)-[:HAS_PART|FEEDS*1..20]->(d:Equipment)-[:SERVES]->(served)-[:CONTAINS*0..1]->(s:Space)
WHERE d.id <> r.id
WITH r, dependents, count(DISTINCT s) AS spaces
OPTIONAL MATCH (r)-[:HAS_POINT]->(p:Point)-[:HAS_CHUNK]->(c)
WHERE p.point_type IN ['rack_inlet_temperature', 'active_power']
  AND c.day > $start - 86400 AND c.day < $end
WITH r, dependents, spaces, p.point_type AS kind, c.timestamps AS times, c.values AS readings
// A rack without readings stays, as one row of nulls.
UNWIND range(0, coalesce(size(times), 1) - 1) AS i
WITH r, dependents, spaces, kind,
  CASE WHEN times[i] >= $start AND times[i] < $end THEN readings[i] ELSE null END AS reading
WITH r, dependents, spaces,
  CASE WHEN kind = 'rack_inlet_temperature' THEN reading ELSE null END AS inlet,
  CASE WHEN kind = 'active_power' THEN reading ELSE null END AS power
RETURN
  r.id AS rack_id,
  r.name AS rack_name,
  dependents,
  spaces,
  max(inlet) AS max_inlet_temp,
  avg(power) AS avg_power_kw
ORDER BY rack_id
