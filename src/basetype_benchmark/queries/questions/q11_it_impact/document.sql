WITH RECURSIVE rack AS MATERIALIZED (
    SELECT id, doc
    FROM entity
    WHERE type = 'Equipment'
        AND doc @> jsonb_build_object(
            'building_id', %(building_id)s::text, 'equipment_type', 'rack'
        )
),
below (rack_id, id, doc) AS (
    SELECT id, id, doc FROM rack
    UNION
    SELECT below.rack_id, next.id, next.doc
    FROM below
    JOIN entity AS next
        ON next.id = ANY (
            ARRAY(
                SELECT jsonb_array_elements_text(below.doc -> 'has_part')
                UNION ALL
                SELECT jsonb_array_elements_text(below.doc -> 'feeds')
            )
        )
),
dependent AS (
    SELECT rack_id, id, doc FROM below WHERE id <> rack_id
),
served AS (
    SELECT dependent.rack_id, target.id, target.type, target.doc
    FROM dependent
    JOIN entity AS target
        ON target.id = ANY (ARRAY(SELECT jsonb_array_elements_text(dependent.doc -> 'serves')))
),
served_space (rack_id, id) AS (
    SELECT rack_id, id FROM served WHERE type = 'Space'
    UNION
    SELECT rack_id, jsonb_array_elements_text(doc -> 'contains') FROM served
),
dependent_count AS (
    SELECT rack_id, count(*) AS dependents FROM dependent GROUP BY rack_id
),
space_count AS (
    SELECT rack_id, count(*) AS spaces FROM served_space GROUP BY rack_id
),
rack_point AS MATERIALIZED (
    SELECT rack.id AS rack_id, point.id, point.doc ->> 'point_type' AS point_type
    FROM rack
    JOIN entity AS point
        ON point.id = ANY (ARRAY(SELECT jsonb_array_elements_text(rack.doc -> 'has_point')))
    WHERE point.doc ->> 'point_type' IN ('rack_inlet_temperature', 'active_power')
),
reading AS (
    SELECT
        rack_point.rack_id,
        max(sample.value) FILTER (WHERE rack_point.point_type = 'rack_inlet_temperature')
            AS max_inlet_temp,
        avg(sample.value) FILTER (WHERE rack_point.point_type = 'active_power') AS avg_power_kw
    FROM rack_point
    JOIN sample ON sample.point_id = rack_point.id
    WHERE sample.time >= %(start)s AND sample.time < %(end)s
    GROUP BY rack_point.rack_id
)
SELECT
    rack.id AS rack_id,
    rack.doc ->> 'name' AS rack_name,
    coalesce(dependent_count.dependents, 0) AS dependents,
    coalesce(space_count.spaces, 0) AS spaces,
    reading.max_inlet_temp,
    reading.avg_power_kw
FROM rack
LEFT JOIN dependent_count ON dependent_count.rack_id = rack.id
LEFT JOIN space_count ON space_count.rack_id = rack.id
LEFT JOIN reading ON reading.rack_id = rack.id
ORDER BY rack_id
