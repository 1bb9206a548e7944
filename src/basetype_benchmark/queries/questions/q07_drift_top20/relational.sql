WITH reading AS (
    SELECT
        point.id AS point_id,
        point.name AS point_name,
        avg(sample.value) AS mean,
        var_pop(sample.value) AS variance,
        count(*) AS samples
    FROM point
    JOIN sample ON sample.point_id = point.id
    WHERE point.building_id = %(building_id)s
        AND point.role = 'sensor'
        AND point.signal = 'analog'
        AND sample.time >= %(start)s
        AND sample.time < %(end)s
    GROUP BY point.id, point.name
)
SELECT
    point_id,
    point_name,
    mean,
    variance,
    variance / (mean * mean) AS relative_variance,
    samples
FROM reading
WHERE samples > 100 AND abs(mean) > 0.001
ORDER BY relative_variance DESC, point_id
LIMIT 20
