WITH space_hour AS (
    SELECT
        federated.space_id,
        time_bucket(INTERVAL '1 hour', sample.time) AS hour,
        avg(sample.value) FILTER (WHERE federated.point_type = 'zone_air_temperature')
            AS temperature,
        avg(sample.value) FILTER (WHERE federated.point_type = 'zone_air_temperature_setpoint')
            AS setpoint,
        avg(sample.value) FILTER (WHERE federated.point_type = 'people_count') AS people
    FROM {federated} AS federated
    JOIN sample ON sample.point_id = federated.point_id
    WHERE sample.time >= %(start)s
        AND sample.time < %(end)s
        AND date_part('isodow', sample.time AT TIME ZONE 'UTC') <= 5
        AND (sample.time AT TIME ZONE 'UTC')::time >= TIME '09:00'
        AND (sample.time AT TIME ZONE 'UTC')::time < TIME '17:00'
    GROUP BY federated.space_id, hour
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
