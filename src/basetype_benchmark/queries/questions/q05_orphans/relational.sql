SELECT e.id AS equipment_id, e.equipment_type, e.building_id
FROM equipment AS e
WHERE e.part_of IS NULL
    AND NOT EXISTS (SELECT * FROM point AS r WHERE r.owner_id = e.id)
    AND NOT EXISTS (SELECT * FROM equipment AS r WHERE r.part_of = e.id)
    AND NOT EXISTS (SELECT * FROM serves_space AS r WHERE r.equipment_id = e.id)
    AND NOT EXISTS (SELECT * FROM serves_zone AS r WHERE r.equipment_id = e.id)
    AND NOT EXISTS (SELECT * FROM meter_feeds_equipment AS r WHERE r.fed_equipment_id = e.id)
    AND NOT EXISTS (SELECT * FROM equipment_feeds_equipment AS r WHERE r.equipment_id = e.id)
    AND NOT EXISTS (SELECT * FROM equipment_feeds_equipment AS r WHERE r.fed_equipment_id = e.id)
    AND NOT EXISTS (SELECT * FROM controls AS r WHERE r.controller_id = e.id)
    AND NOT EXISTS (SELECT * FROM controls AS r WHERE r.equipment_id = e.id)
    AND NOT EXISTS (SELECT * FROM monitors_equipment AS r WHERE r.sensor_id = e.id)
    AND NOT EXISTS (SELECT * FROM monitors_equipment AS r WHERE r.equipment_id = e.id)
    AND NOT EXISTS (SELECT * FROM monitors_space AS r WHERE r.sensor_id = e.id)
ORDER BY equipment_id
