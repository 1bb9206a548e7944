MATCH (z:Zone {id: $zone_id})-[:CONTAINS]->(s:Space)<-[:SERVES]-(e:Equipment)
WITH DISTINCT e
MATCH (e)-[:HAS_POINT]->(p:Point)
WHERE p.point_type = 'access_event'
RETURN e.id AS equipment_id, p.id AS point_id
