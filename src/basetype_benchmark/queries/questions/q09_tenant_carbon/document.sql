WITH tenant AS (
    SELECT doc FROM entity WHERE id = %(tenant_id)s AND type = 'Tenant'
),
meter AS (
    SELECT doc
    FROM entity
    WHERE id = ANY (
        ARRAY(
            SELECT jsonb_array_elements_text(space.doc -> 'is_metered_by')
            FROM tenant
            JOIN entity AS space
                ON space.id = ANY (
                    ARRAY(SELECT jsonb_array_elements_text(tenant.doc -> 'occupies'))
                )
        )
    )
),
site AS (
    SELECT site.doc
    FROM tenant
    JOIN entity AS site
        ON site.doc @> jsonb_build_object(
            'contains', jsonb_build_array(tenant.doc ->> 'building_id')
        )
        AND site.type = 'Site'
),
energy_point AS MATERIALIZED (
    SELECT point.id
    FROM meter
    JOIN entity AS point
        ON point.id = ANY (ARRAY(SELECT jsonb_array_elements_text(meter.doc -> 'has_point')))
    WHERE point.doc ->> 'point_type' = 'energy_interval'
),
carbon_point AS MATERIALIZED (
    SELECT point.id
    FROM site
    JOIN entity AS point
        ON point.id = ANY (ARRAY(SELECT jsonb_array_elements_text(site.doc -> 'has_point')))
    WHERE point.doc ->> 'point_type' = 'carbon_intensity'
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
