WITH fitted AS MATERIALIZED (
    SELECT space.id AS space_id, fitting.id AS equipment_id, fitting.type, fitting.doc
    FROM entity AS floor
    JOIN entity AS space
        ON space.id = ANY (ARRAY(SELECT jsonb_array_elements_text(floor.doc -> 'contains')))
    JOIN entity AS fitting
        ON fitting.doc @> jsonb_build_object('located_in', jsonb_build_array(space.id))
        OR fitting.doc @> jsonb_build_object('serves', jsonb_build_array(space.id))
    WHERE floor.id = %(floor_id)s AND floor.type = 'Floor'
)
SELECT
    fitted.space_id,
    fitted.equipment_id,
    point.id AS point_id,
    point.doc ->> 'name' AS point_name,
    point.doc ->> 'unit' AS unit
FROM fitted
JOIN entity AS point
    ON point.id = ANY (ARRAY(SELECT jsonb_array_elements_text(fitted.doc -> 'has_point')))
WHERE fitted.type = 'Equipment' AND point.doc ->> 'quantity' = 'temperature'
ORDER BY fitted.space_id, point_id
