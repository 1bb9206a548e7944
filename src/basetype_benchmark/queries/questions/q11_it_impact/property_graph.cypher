MATCH (r:Equipment)
WHERE r.building_id = $building_id AND r.equipment_type = 'rack'
OPTIONAL MATCH (r)-[:HAS_PART|FEEDS*1..20]->(d:Equipment)
WHERE d.id <> r.id
WITH r, count(DISTINCT d) AS dependents
OPTIONAL MATCH
  (r)-[:HAS_PART|FEEDS*1..20]->(d:Equipment)-[:SERVES]->(served)-[:CONTAINS*0..1]->(s:Space)
WHERE d.id <> r.id
WITH r, dependents, count(DISTINCT s) AS spaces
OPTIONAL MATCH (r)-[:HAS_POINT]->(p:Point)
WHERE p.point_type IN ['rack_inlet_temperature', 'active_power']
RETURN
  r.id AS rack_id,
  r.name AS rack_name,
  dependents,
  spaces,
  p.id AS point_id,
  p.point_type AS point_type
