WITH reading AS (
    SELECT
        sample.point_id,
        count(*) AS samples,
        sum(sample.value) AS total,
        min(sample.value) AS min,
        max(sample.value) AS max
    FROM entity AS point
    JOIN sample ON sample.point_id = point.id
    WHERE point.type = 'Point'
        AND point.doc @> jsonb_build_object('building_id', %(building_id)s::text)
        AND sample.time >= %(start)s
        AND sample.time < %(end)s
    GROUP BY sample.point_id
)
SELECT
    (point.doc ->> 'quantity') COLLATE "C" AS quantity,
    count(*) AS points,
    count(reading.point_id) AS active_points,
    coalesce(sum(reading.samples), 0)::bigint AS samples,
    sum(reading.total) / sum(reading.samples)::double precision AS avg,
    min(reading.min) AS min,
    max(reading.max) AS max
FROM entity AS point
LEFT JOIN reading ON reading.point_id = point.id
WHERE point.type = 'Point'
    AND point.doc @> jsonb_build_object('building_id', %(building_id)s::text)
GROUP BY quantity
ORDER BY quantity
