MATCH (s:Space)<-[:LOCATED_IN]-(e:Equipment)-[:HAS_POINT]->(p:Point)
WHERE s.space_type = $space_type
  AND p.point_type IN ['zone_air_temperature', 'zone_air_temperature_setpoint', 'people_count']
RETURN s.id AS space_id, p.id AS point_id, p.point_type AS point_type
