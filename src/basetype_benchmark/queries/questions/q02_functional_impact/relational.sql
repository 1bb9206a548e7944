WITH RECURSIVE affected (equipment_id) AS (
    SELECT id FROM equipment WHERE id = %(equipment_id)s
    UNION
    SELECT below.equipment_id
    FROM affected
    CROSS JOIN LATERAL (
        SELECT part.id FROM equipment AS part WHERE part.part_of = affected.equipment_id
        UNION ALL
        SELECT feeds.fed_equipment_id
        FROM equipment_feeds_equipment AS feeds
        WHERE feeds.equipment_id = affected.equipment_id
    ) AS below (equipment_id)
),
served (space_id) AS (
    SELECT serves_space.space_id
    FROM affected
    JOIN serves_space USING (equipment_id)
    UNION
    SELECT zone_space.space_id
    FROM affected
    JOIN serves_zone USING (equipment_id)
    JOIN zone_space USING (zone_id)
)
SELECT space.id AS space_id, space.name AS space_name, space.space_type, space.floor_id
FROM served
JOIN space ON space.id = served.space_id
ORDER BY space_id
