MATCH (p:Point)
WHERE p.building_id = $building_id
OPTIONAL MATCH (p)-[:HAS_CHUNK]->(c)
WHERE c.day > $start - 86400 AND c.day < $end
WITH p, c.timestamps AS times, c.values AS readings
// A point without readings stays, as one row of nulls.
UNWIND range(0, coalesce(size(times), 1) - 1) AS i
WITH p,
  CASE WHEN times[i] >= $start AND times[i] < $end THEN readings[i] ELSE null END AS reading
WITH p, count(reading) AS n, sum(reading) AS total, min(reading) AS low, max(reading) AS high
WITH p.quantity AS quantity, n, total, low, high, CASE WHEN n > 0 THEN 1 ELSE 0 END AS active
WITH quantity,
  count(n) AS points,
  sum(active) AS active_points,
  sum(n) AS samples,
  sum(total) AS total,
  min(low) AS min,
  max(high) AS max
RETURN
  quantity,
  points,
  active_points,
  samples,
  CASE WHEN samples > 0 THEN total / samples ELSE null END AS avg,
  min,
  max
ORDER BY quantity
