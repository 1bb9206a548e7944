MATCH (p:Point)-[:HAS_CHUNK]->(c)
WHERE p.building_id = $building_id AND p.role = 'sensor' AND p.signal = 'analog'
  AND c.day > $start - 86400 AND c.day < $end
// The variance is that of the distances from one of the point's own readings: the mean of the
// squares less the square of the mean would lose its digits where the readings are far from zero.
WITH p, collect(c) AS chunks, min(c.values[0]) AS origin
UNWIND chunks AS c
WITH p, origin, c.timestamps AS times, c.values AS readings
UNWIND range(0, size(times) - 1) AS i
WITH p, origin, times[i] AS time, readings[i] - origin AS distance
WHERE time >= $start AND time < $end
WITH p, origin,
  avg(distance) AS shift,
  avg(distance * distance) AS squares,
  count(distance) AS samples
WITH p, origin + shift AS mean, squares - shift * shift AS variance, samples
WHERE samples > 100 AND abs(mean) > 0.001
RETURN
  p.id AS point_id,
  p.name AS point_name,
  mean,
  variance,
  variance / (mean * mean) AS relative_variance,
  samples
ORDER BY relative_variance DESC, point_id
LIMIT 20
