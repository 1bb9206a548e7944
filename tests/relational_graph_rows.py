"""The graph leg of each hybrid question, said in SQL on P1's own tables.

So the series leg can be tested against P1 and the toy answers without a second engine.
"""

GRAPH_ROWS = {
    "Q7": """
        SELECT id, name FROM point
        WHERE building_id = %(building_id)s AND role = 'sensor' AND signal = 'analog'
    """,
    "Q8": """
        SELECT p.id, m.id, m.end_use
        FROM occupies JOIN space_metered_by USING (space_id)
        JOIN meter AS m ON m.id = meter_id JOIN point AS p ON p.owner_id = m.id
        WHERE tenant_id = %(tenant_id)s AND p.point_type = 'energy_interval'
    """,
    "Q9": """
        SELECT p.id, p.point_type
        FROM occupies JOIN space_metered_by USING (space_id) JOIN point AS p ON owner_id = meter_id
        WHERE tenant_id = %(tenant_id)s AND p.point_type = 'energy_interval'
        UNION ALL
        SELECT id, point_type FROM point WHERE point_type = 'carbon_intensity'
    """,
    "Q10": """
        SELECT owner_id, p.id
        FROM zone_space JOIN serves_space USING (space_id)
        JOIN point AS p ON owner_id = equipment_id
        WHERE zone_id = %(zone_id)s AND point_type = 'access_event'
    """,
    "Q11": """
        SELECT rack_id, rack_name, dependents, spaces, p.id, p.point_type
        FROM ({native}) AS rack
        LEFT JOIN point AS p ON p.owner_id = rack_id
            AND p.point_type IN ('rack_inlet_temperature', 'active_power')
    """,
    "Q12": "SELECT id, quantity FROM point WHERE building_id = %(building_id)s",
    "Q13": """
        SELECT s.id, p.id, p.point_type
        FROM space AS s JOIN equipment AS e ON e.located_in = s.id
        JOIN point AS p ON owner_id = e.id
        WHERE s.space_type = %(space_type)s AND p.point_type IN
            ('zone_air_temperature', 'zone_air_temperature_setpoint', 'people_count')
    """,
}
