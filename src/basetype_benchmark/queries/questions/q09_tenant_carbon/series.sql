WITH intensity AS (
    SELECT sample.time AS hour, sample.value AS g_per_kwh
    FROM {federated} AS federated
    JOIN sample ON sample.point_id = federated.point_id
    WHERE federated.point_type = 'carbon_intensity'
        AND sample.time >= time_bucket(INTERVAL '1 hour', %(start)s)
        AND sample.time < %(end)s
)
SELECT
    (sample.time AT TIME ZONE 'UTC')::date AS day,
    sum(sample.value) AS energy_kwh,
    sum(sample.value * intensity.g_per_kwh) / 1000 AS carbon_kg
FROM {federated} AS federated
JOIN sample ON sample.point_id = federated.point_id
JOIN intensity ON intensity.hour = time_bucket(INTERVAL '1 hour', sample.time)
WHERE federated.point_type = 'energy_interval'
    AND sample.time >= %(start)s
    AND sample.time < %(end)s
GROUP BY day
ORDER BY day
