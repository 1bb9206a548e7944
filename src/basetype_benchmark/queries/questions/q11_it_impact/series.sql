SELECT
    federated.rack_id,
    federated.rack_name,
    federated.dependents,
    federated.spaces,
    max(sample.value) FILTER (WHERE federated.point_type = 'rack_inlet_temperature')
        AS max_inlet_temp,
    avg(sample.value) FILTER (WHERE federated.point_type = 'active_power') AS avg_power_kw
FROM {federated} AS federated
LEFT JOIN sample
    ON sample.point_id = federated.point_id
    AND sample.time >= %(start)s
    AND sample.time < %(end)s
GROUP BY federated.rack_id, federated.rack_name, federated.dependents, federated.spaces
ORDER BY federated.rack_id
