MATCH (p:Point)
WHERE p.building_id = $building_id AND p.role = 'sensor' AND p.signal = 'analog'
RETURN p.id AS point_id, p.name AS point_name
