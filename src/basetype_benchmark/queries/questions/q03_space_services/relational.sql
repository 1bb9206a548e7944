WITH service (equipment_id, relation) AS (
    SELECT equipment_id, 'serves'
    FROM serves_space
    WHERE space_id = %(space_id)s
    UNION
    SELECT serves_zone.equipment_id, 'serves_zone'
    FROM zone_space
    JOIN serves_zone USING (zone_id)
    WHERE zone_space.space_id = %(space_id)s
    UNION
    SELECT id, 'located'
    FROM equipment
    WHERE located_in = %(space_id)s
)
SELECT
    equipment.id AS equipment_id,
    equipment.name,
    equipment.equipment_type,
    equipment.domain,
    service.relation
FROM service
JOIN equipment ON equipment.id = service.equipment_id
ORDER BY equipment_id, service.relation COLLATE "C"
