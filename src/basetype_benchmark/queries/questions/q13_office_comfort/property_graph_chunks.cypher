MATCH (s:Space)<-[:LOCATED_IN]-(e:Equipment)-[:HAS_POINT]->(p:Point)-[:HAS_CHUNK]->(c)
WHERE s.space_type = $space_type
  AND p.point_type IN ['zone_air_temperature', 'zone_air_temperature_setpoint', 'people_count']
  AND c.day > $start - 86400 AND c.day < $end
  // Days since 1970, which began on a Thursday: Monday to Friday are 0 to 4.
  AND (c.day / 86400 + 3) % 7 < 5
WITH s.id AS space_id, p.point_type AS kind, c.day AS day, c.timestamps AS times,
  c.values AS readings
UNWIND range(0, size(times) - 1) AS i
WITH space_id, kind, times[i] AS time, times[i] - day AS second, readings[i] AS reading
WHERE time >= $start AND time < $end AND second >= 32400 AND second < 61200
WITH space_id, toInteger(time / 3600) AS hour,
  CASE WHEN kind = 'zone_air_temperature' THEN reading ELSE null END AS temperature,
  CASE WHEN kind = 'zone_air_temperature_setpoint' THEN reading ELSE null END AS setpoint,
  CASE WHEN kind = 'people_count' THEN reading ELSE null END AS people
WITH space_id, hour,
  avg(temperature) AS temperature,
  avg(setpoint) AS setpoint,
  avg(people) AS people
WHERE temperature IS NOT NULL
WITH temperature, setpoint,
  CASE
    WHEN people IS NULL THEN 'unknown'
    WHEN people = 0 THEN 'none'
    WHEN people < 5 THEN 'low'
    WHEN people < 15 THEN 'medium'
    ELSE 'high'
  END AS band
RETURN
  band,
  count(temperature) AS space_hours,
  avg(temperature) AS avg_temp,
  min(temperature) AS min_temp,
  max(temperature) AS max_temp,
  avg(temperature - setpoint) AS avg_deviation
ORDER BY band
