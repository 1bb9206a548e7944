WITH energy_point AS (
    SELECT DISTINCT point.id
    FROM occupies
    JOIN space_metered_by ON space_metered_by.space_id = occupies.space_id
    JOIN point ON point.owner_id = space_metered_by.meter_id
    WHERE occupies.tenant_id = %(tenant_id)s AND point.point_type = 'energy_interval'
),
carbon_point AS (
    SELECT DISTINCT point.id
    FROM tenant
    JOIN building ON building.id = tenant.building_id
    JOIN point ON point.owner_id = building.site_id
    WHERE tenant.id = %(tenant_id)s AND point.point_type = 'carbon_intensity'
),
intensity AS (
    SELECT sample.time AS hour, sample.value AS g_per_kwh
    FROM carbon_point
    JOIN sample ON sample.point_id = carbon_point.id
    WHERE sample.time >= time_bucket(INTERVAL '1 hour', %(start)s) AND sample.time < %(end)s
)
SELECT
    (sample.time AT TIME ZONE 'UTC')::date AS day,
    sum(sample.value) AS energy_kwh,
    sum(sample.value * intensity.g_per_kwh) / 1000 AS carbon_kg
FROM energy_point
JOIN sample ON sample.point_id = energy_point.id
JOIN intensity ON intensity.hour = time_bucket(INTERVAL '1 hour', sample.time)
WHERE sample.time >= %(start)s AND sample.time < %(end)s
GROUP BY day
ORDER BY day
