WITH RECURSIVE rack AS (
    SELECT id, name
    FROM equipment
    WHERE building_id = %(building_id)s AND equipment_type = 'rack'
),
below (rack_id, equipment_id) AS (
    SELECT id, id FROM rack
    UNION
    SELECT below.rack_id, next.equipment_id
    FROM below
    CROSS JOIN LATERAL (
        SELECT part.id FROM equipment AS part WHERE part.part_of = below.equipment_id
        UNION ALL
        SELECT feeds.fed_equipment_id
        FROM equipment_feeds_equipment AS feeds
        WHERE feeds.equipment_id = below.equipment_id
    ) AS next (equipment_id)
),
dependent AS (
    SELECT rack_id, equipment_id FROM below WHERE equipment_id <> rack_id
),
served (rack_id, space_id) AS (
    SELECT dependent.rack_id, serves_space.space_id
    FROM dependent
    JOIN serves_space USING (equipment_id)
    UNION
    SELECT dependent.rack_id, zone_space.space_id
    FROM dependent
    JOIN serves_zone USING (equipment_id)
    JOIN zone_space USING (zone_id)
),
dependent_count AS (
    SELECT rack_id, count(*) AS dependents FROM dependent GROUP BY rack_id
),
space_count AS (
    SELECT rack_id, count(*) AS spaces FROM served GROUP BY rack_id
),
reading AS (
    SELECT
        rack.id AS rack_id,
        max(sample.value) FILTER (WHERE point.point_type = 'rack_inlet_temperature')
            AS max_inlet_temp,
        avg(sample.value) FILTER (WHERE point.point_type = 'active_power') AS avg_power_kw
    FROM rack
    JOIN point ON point.owner_id = rack.id
    JOIN sample ON sample.point_id = point.id
    WHERE point.point_type IN ('rack_inlet_temperature', 'active_power')
        AND sample.time >= %(start)s
        AND sample.time < %(end)s
    GROUP BY rack.id
)
SELECT
    rack.id AS rack_id,
    rack.name AS rack_name,
    coalesce(dependent_count.dependents, 0) AS dependents,
    coalesce(space_count.spaces, 0) AS spaces,
    reading.max_inlet_temp,
    reading.avg_power_kw
FROM rack
LEFT JOIN dependent_count ON dependent_count.rack_id = rack.id
LEFT JOIN space_count ON space_count.rack_id = rack.id
LEFT JOIN reading ON reading.rack_id = rack.id
ORDER BY rack_id
