MATCH (t:Tenant {id: $tenant_id})-[:OCCUPIES]->(s:Space)-[:IS_METERED_BY]->(m:Meter)
WITH DISTINCT m
MATCH (m)-[:HAS_POINT]->(p:Point)
WHERE p.point_type = 'energy_interval'
RETURN p.id AS point_id, m.id AS meter_id, m.end_use AS end_use
