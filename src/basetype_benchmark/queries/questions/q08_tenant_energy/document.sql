WITH meter AS (
    SELECT id, doc
    FROM entity
    WHERE id = ANY (
        ARRAY(
            SELECT jsonb_array_elements_text(space.doc -> 'is_metered_by')
            FROM entity AS tenant
            JOIN entity AS space
                ON space.id = ANY (
                    ARRAY(SELECT jsonb_array_elements_text(tenant.doc -> 'occupies'))
                )
            WHERE tenant.id = %(tenant_id)s AND tenant.type = 'Tenant'
        )
    )
),
energy_point AS MATERIALIZED (
    SELECT point.id, meter.id AS meter_id, meter.doc ->> 'end_use' AS end_use
    FROM meter
    JOIN entity AS point
        ON point.id = ANY (ARRAY(SELECT jsonb_array_elements_text(meter.doc -> 'has_point')))
    WHERE point.doc ->> 'point_type' = 'energy_interval'
)
SELECT
    energy_point.end_use,
    count(DISTINCT energy_point.meter_id) AS meters,
    sum(sample.value) AS energy_kwh
FROM energy_point
JOIN sample ON sample.point_id = energy_point.id
WHERE sample.time >= %(start)s AND sample.time < %(end)s
GROUP BY energy_point.end_use
ORDER BY energy_point.end_use COLLATE "C"
