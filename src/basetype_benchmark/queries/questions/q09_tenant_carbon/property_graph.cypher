MATCH (t:Tenant {id: $tenant_id})-[:OCCUPIES]->(s:Space)-[:IS_METERED_BY]->(m:Meter)
WITH DISTINCT m
MATCH (m)-[:HAS_POINT]->(p:Point)
WHERE p.point_type = 'energy_interval'
RETURN p.id AS point_id, p.point_type AS point_type
UNION
MATCH (t:Tenant {id: $tenant_id})
MATCH (b:Building {id: t.building_id})<-[:CONTAINS]-(o:Site)-[:HAS_POINT]->(p:Point)
WHERE p.point_type = 'carbon_intensity'
RETURN p.id AS point_id, p.point_type AS point_type
