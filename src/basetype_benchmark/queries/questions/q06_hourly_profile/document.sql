SELECT
    time_bucket(INTERVAL '1 hour', time) AS hour,
    avg(value) AS avg,
    min(value) AS min,
    max(value) AS max,
    count(*) AS samples
FROM sample
WHERE point_id = %(point_id)s AND time >= %(start)s AND time < %(end)s
GROUP BY hour
ORDER BY hour
