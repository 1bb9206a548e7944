WITH reading AS (
    SELECT
        sample.point_id,
        avg(sample.value) AS mean,
        var_pop(sample.value) AS variance,
        count(*) AS samples
    FROM entity AS point
    JOIN sample ON sample.point_id = point.id
    WHERE sample.time >= %(start)s
        AND sample.time < %(end)s
        AND point.doc @> jsonb_build_object(
            'building_id', %(building_id)s::text, 'role', 'sensor', 'signal', 'analog'
        )
    GROUP BY sample.point_id
),
ranked AS (
    SELECT
        point_id,
        mean,
        variance,
        variance / (mean * mean) AS relative_variance,
        samples
    FROM reading
    WHERE samples > 100 AND abs(mean) > 0.001
    ORDER BY relative_variance DESC, point_id
    LIMIT 20
)
SELECT
    ranked.point_id,
    point.doc ->> 'name' AS point_name,
    ranked.mean,
    ranked.variance,
    ranked.relative_variance,
    ranked.samples
FROM ranked
JOIN entity AS point ON point.id = ranked.point_id
ORDER BY ranked.relative_variance DESC, ranked.point_id
