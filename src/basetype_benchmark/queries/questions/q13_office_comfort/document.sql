WITH fitted AS MATERIALIZED (
    SELECT space.id AS space_id, fitting.type, fitting.doc
    FROM entity AS space
    JOIN entity AS fitting
        ON fitting.doc @> jsonb_build_object('located_in', jsonb_build_array(space.id))
    WHERE space.type = 'Space'
        AND space.doc @> jsonb_build_object('space_type', %(space_type)s::text)
),
comfort_point AS MATERIALIZED (
    SELECT fitted.space_id, point.id, point.doc ->> 'point_type' AS point_type
    FROM fitted
    JOIN entity AS point
        ON point.id = ANY (ARRAY(SELECT jsonb_array_elements_text(fitted.doc -> 'has_point')))
    WHERE fitted.type = 'Equipment'
        AND point.doc ->> 'point_type'
            IN ('zone_air_temperature', 'zone_air_temperature_setpoint', 'people_count')
),
space_hour AS (
    SELECT
        comfort_point.space_id,
        time_bucket(INTERVAL '1 hour', sample.time) AS hour,
        avg(sample.value) FILTER (WHERE comfort_point.point_type = 'zone_air_temperature')
            AS temperature,
        avg(sample.value) FILTER (WHERE comfort_point.point_type = 'zone_air_temperature_setpoint')
            AS setpoint,
        avg(sample.value) FILTER (WHERE comfort_point.point_type = 'people_count') AS people
    FROM comfort_point
    JOIN sample ON sample.point_id = comfort_point.id
    WHERE sample.time >= %(start)s
        AND sample.time < %(end)s
        AND date_part('isodow', sample.time AT TIME ZONE 'UTC') <= 5
        AND (sample.time AT TIME ZONE 'UTC')::time >= TIME '09:00'
        AND (sample.time AT TIME ZONE 'UTC')::time < TIME '17:00'
    GROUP BY comfort_point.space_id, hour
),
banded AS (
    SELECT
        CASE
            WHEN people IS NULL THEN 'unknown'
            WHEN people = 0 THEN 'none'
            WHEN people < 5 THEN 'low'
            WHEN people < 15 THEN 'medium'
            ELSE 'high'
        END AS band,
        temperature,
        setpoint
    FROM space_hour
    WHERE temperature IS NOT NULL
)
SELECT
    band,
    count(*) AS space_hours,
    avg(temperature) AS avg_temp,
    min(temperature) AS min_temp,
    max(temperature) AS max_temp,
    avg(temperature - setpoint) AS avg_deviation
FROM banded
GROUP BY band
ORDER BY band COLLATE "C"
