MATCH (e:Equipment {id: $equipment_id})-[:HAS_PART|FEEDS*0..20]->(affected:Equipment)
WITH DISTINCT affected
MATCH (affected)-[:SERVES]->(served)-[:CONTAINS*0..1]->(s:Space)
RETURN DISTINCT
  s.id AS space_id,
  s.name AS space_name,
  s.space_type AS space_type,
  s.floor_id AS floor_id
ORDER BY space_id
