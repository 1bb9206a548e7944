WITH reading AS (
    SELECT
        federated.point_id,
        federated.point_name,
        avg(sample.value) AS mean,
        var_pop(sample.value) AS variance,
        count(*) AS samples
    FROM {federated} AS federated
    JOIN sample ON sample.point_id = federated.point_id
    WHERE sample.time >= %(start)s AND sample.time < %(end)s
    GROUP BY federated.point_id, federated.point_name
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
