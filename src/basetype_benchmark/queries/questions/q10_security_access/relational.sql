WITH reader_point AS (
    SELECT DISTINCT point.owner_id AS equipment_id, point.id AS point_id
    FROM zone_space
    JOIN serves_space ON serves_space.space_id = zone_space.space_id
    JOIN point ON point.owner_id = serves_space.equipment_id
    WHERE zone_space.zone_id = %(zone_id)s AND point.point_type = 'access_event'
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
