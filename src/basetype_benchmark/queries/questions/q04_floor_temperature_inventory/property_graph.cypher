MATCH (f:Floor {id: $floor_id})-[:CONTAINS]->(s:Space)
MATCH (s)<-[:LOCATED_IN|SERVES]-(e:Equipment)-[:HAS_POINT]->(p:Point)
WHERE p.quantity = 'temperature'
RETURN DISTINCT
  s.id AS space_id,
  e.id AS equipment_id,
  p.id AS point_id,
  p.name AS point_name,
  p.unit AS unit
ORDER BY space_id, point_id
