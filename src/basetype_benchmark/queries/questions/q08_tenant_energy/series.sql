SELECT
    federated.end_use,
    count(DISTINCT federated.meter_id) AS meters,
    sum(sample.value) AS energy_kwh
FROM {federated} AS federated
JOIN sample ON sample.point_id = federated.point_id
WHERE sample.time >= %(start)s AND sample.time < %(end)s
GROUP BY federated.end_use
ORDER BY federated.end_use
