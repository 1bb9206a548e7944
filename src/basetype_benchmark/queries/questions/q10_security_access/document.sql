WITH reader AS MATERIALIZED (
    SELECT DISTINCT equipment.id, equipment.doc
    FROM entity AS zone
    JOIN entity AS space
        ON space.id = ANY (ARRAY(SELECT jsonb_array_elements_text(zone.doc -> 'contains')))
    JOIN entity AS equipment
        ON equipment.doc @> jsonb_build_object('serves', jsonb_build_array(space.id))
    WHERE zone.id = %(zone_id)s AND zone.type = 'Zone'
),
reader_point AS MATERIALIZED (
    SELECT reader.id AS equipment_id, point.id AS point_id
    FROM reader
    JOIN entity AS point
        ON point.id = ANY (ARRAY(SELECT jsonb_array_elements_text(reader.doc -> 'has_point')))
    WHERE point.doc ->> 'point_type' = 'access_event'
)
SELECT
    reader_point.equipment_id,
    reader_point.point_id,
    count(*) AS events,
    count(*) FILTER (WHERE sample.value = 0) AS denied,
    min(sample.time) AS first_event,
    max(sample.time) AS last_event
FROM reader_point
JOIN sample ON sample.point_id = reader_point.point_id
WHERE sample.time >= %(start)s AND sample.time < %(end)s
GROUP BY reader_point.equipment_id, reader_point.point_id
ORDER BY reader_point.point_id
