WITH metering AS (
    SELECT DISTINCT space_metered_by.meter_id
    FROM occupies
    JOIN space_metered_by ON space_metered_by.space_id = occupies.space_id
    WHERE occupies.tenant_id = %(tenant_id)s
)
SELECT
    meter.end_use,
    count(DISTINCT meter.id) AS meters,
    sum(sample.value) AS energy_kwh
FROM metering
JOIN meter ON meter.id = metering.meter_id
JOIN point ON point.owner_id = meter.id AND point.point_type = 'energy_interval'
JOIN sample ON sample.point_id = point.id
WHERE sample.time >= %(start)s AND sample.time < %(end)s
GROUP BY meter.end_use
ORDER BY meter.end_use
