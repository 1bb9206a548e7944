WITH fitted (space_id, equipment_id) AS (
    SELECT space.id, equipment.id
    FROM space
    JOIN equipment ON equipment.located_in = space.id
    WHERE space.floor_id = %(floor_id)s
    UNION
    SELECT space.id, serves_space.equipment_id
    FROM space
    JOIN serves_space ON serves_space.space_id = space.id
    WHERE space.floor_id = %(floor_id)s
)
SELECT
    fitted.space_id,
    fitted.equipment_id,
    point.id AS point_id,
    point.name AS point_name,
    point.unit
FROM fitted
JOIN point ON point.owner_id = fitted.equipment_id
WHERE point.quantity = 'temperature'
ORDER BY fitted.space_id, point_id
