// Points first: few pieces of equipment have none, so few are left to look at.
MATCH (e:Equipment)
OPTIONAL MATCH (e)-[has:HAS_POINT]->()
WITH e, count(has) AS points
WHERE points = 0
OPTIONAL MATCH (e)-[function:SERVES|FEEDS|HAS_PART|CONTROLS|MONITORS]-()
WITH e, count(function) AS functions
WHERE functions = 0
RETURN e.id AS equipment_id, e.equipment_type AS equipment_type, e.building_id AS building_id
ORDER BY equipment_id
