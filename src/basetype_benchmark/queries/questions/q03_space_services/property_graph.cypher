MATCH (s:Space {id: $space_id})<-[:CONTAINS*0..1]-(place)<-[r:SERVES|LOCATED_IN]-(e:Equipment)
RETURN DISTINCT
  e.id AS equipment_id,
  e.name AS name,
  e.equipment_type AS equipment_type,
  e.domain AS domain,
  CASE
    WHEN type(r) = 'LOCATED_IN' THEN 'located'
    WHEN place.id = $space_id THEN 'serves'
    ELSE 'serves_zone'
  END AS relation
ORDER BY equipment_id, relation
