MATCH (z:Zone {id: $zone_id})-[:CONTAINS]->(s:Space)<-[:SERVES]-(e:Equipment)
WITH DISTINCT e
MATCH (e)-[:HAS_POINT]->(p:Point)-[:HAS_CHUNK]->(c)
WHERE p.point_type = 'access_event' AND c.day > $start - 86400 AND c.day < $end
WITH e.id AS equipment_id, p.id AS point_id, c.timestamps AS times, c.values AS readings
UNWIND range(0, size(times) - 1) AS i
WITH equipment_id, point_id, times[i] AS time, readings[i] AS reading
WHERE time >= $start AND time < $end
RETURN
  equipment_id,
  point_id,
  count(reading) AS events,
  sum(CASE WHEN reading = 0 THEN 1 ELSE 0 END) AS denied,
  min(time) AS first_event,
  max(time) AS last_event
ORDER BY point_id
