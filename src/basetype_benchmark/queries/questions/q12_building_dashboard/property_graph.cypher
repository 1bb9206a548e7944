MATCH (p:Point)
WHERE p.building_id = $building_id
RETURN p.id AS point_id, p.quantity AS quantity
