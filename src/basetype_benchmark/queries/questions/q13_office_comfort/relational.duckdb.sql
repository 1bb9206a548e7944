-- Times are UTC, and taken as such by way of a number. DuckDB's AT TIME ZONE asks the ICU library
-- about every sample before any join: seven times the work of the whole question.
WITH space_hour AS (
    SELECT
        space.id AS space_id,
        time_bucket(INTERVAL '1 hour', sample.time) AS hour,
        avg(sample.value) FILTER (WHERE point.point_type = 'zone_air_temperature') AS temperature,
        avg(sample.value) FILTER (WHERE point.point_type = 'zone_air_temperature_setpoint')
            AS setpoint,
        avg(sample.value) FILTER (WHERE point.point_type = 'people_count') AS people
    FROM space
    JOIN equipment ON equipment.located_in = space.id
    JOIN point ON point.owner_id = equipment.id
    JOIN sample ON sample.point_id = point.id
    WHERE space.space_type = %(space_type)s
        AND point.point_type
            IN ('zone_air_temperature', 'zone_air_temperature_setpoint', 'people_count')
        AND sample.time >= %(start)s
        AND sample.time < %(end)s
        AND date_part('isodow', make_timestamp(epoch_us(sample.time))) <= 5
        AND make_timestamp(epoch_us(sample.time))::time >= TIME '09:00'
        AND make_timestamp(epoch_us(sample.time))::time < TIME '17:00'
    GROUP BY space.id, hour
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
