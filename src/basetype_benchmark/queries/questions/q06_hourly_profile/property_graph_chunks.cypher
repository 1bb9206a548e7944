MATCH (p:Point {id: $point_id})-[:HAS_CHUNK]->(c)
WHERE c.day > $start - 86400 AND c.day < $end
WITH c.timestamps AS times, c.values AS readings
UNWIND range(0, size(times) - 1) AS i
WITH times[i] AS time, readings[i] AS reading
WHERE time >= $start AND time < $end
WITH toInteger(time / 3600) * 3600 AS hour, reading
RETURN
  hour,
  avg(reading) AS avg,
  min(reading) AS min,
  max(reading) AS max,
  count(reading) AS samples
ORDER BY hour
