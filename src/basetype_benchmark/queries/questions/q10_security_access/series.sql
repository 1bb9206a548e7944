SELECT
    federated.equipment_id,
    federated.point_id,
    count(*) AS events,
    count(*) FILTER (WHERE sample.value = 0) AS denied,
    min(sample.time) AS first_event,
    max(sample.time) AS last_event
FROM {federated} AS federated
JOIN sample ON sample.point_id = federated.point_id
WHERE sample.time >= %(start)s AND sample.time < %(end)s
GROUP BY federated.equipment_id, federated.point_id
ORDER BY federated.point_id
