"""Faults after which a text still gives every right answer, and why: no test can notice them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Harmless:
    """Faults that look like `pattern`, in the texts whose ``folder/file`` looks like `texts`."""

    texts: str
    pattern: str
    reason: str


HARMLESS = (
    Harmless(
        texts=r"property_graph_chunks",
        pattern=r"(comparison|number|condition|window|property) .*c\.day >.* => "
        r".*(c\.day >= \$start - 86400 AND c\.day <|c\.day <= \$end|- 86401|TRUE AND c\.day|"
        r"- 86400 AND TRUE|c\.n < \$end|c\.day < \(\$end \+ 3600\))",
        reason="reads more chunks than the window needs; their samples are dropped one by one",
    ),
    Harmless(
        texts=r"q13_office_comfort/property_graph_chunks",
        pattern=r"(number|window) .*c\.day >.* => .*(- 86399|\(\$start \+ 3600\))",
        reason="misses a day only from 23:00 on, when no office hour is left",
    ),
    Harmless(
        texts=r"property_graph_chunks",
        pattern=r"(number|arithmetic) .*=> UNWIND range\(0, "
        r"(size\(times\)|coalesce\(size\(times\), [12]\)) (- 0|\+ 1|- 1)\)",
        reason="beyond the end of a list is null, and null is in no window and in no aggregate",
    ),
    Harmless(
        texts=r"q07_drift_top20/property_graph_chunks",
        pattern=r" AS origin => ",
        reason="the variance is the same whatever reading the distances are taken from",
    ),
    Harmless(
        texts=r"q07_drift_top20",
        pattern=r"abs\(mean\) >= 0\.001",
        reason="the mean of doubles is 0.001 only up to its last digits, which differ by engine",
    ),
    Harmless(
        texts=r"q07_drift_top20/relational",
        pattern=r"=> GROUP BY point\.id, point\.id",
        reason="a point has one name",
    ),
    Harmless(
        texts=r"q01_energy_chain",
        pattern=r"=> .*(reached\.hops (<= 10|< 11|\+ 0|- 1)|meter\.id, -1 FROM .*|doc, -1|"
        r"WHERE TRUE)$",
        reason="no chain is longer than ten hops",
    ),
    Harmless(
        texts=r"q01_energy_chain",
        pattern=r"UNION => UNION ALL|AND TRUE$|FILTER \(\?node != \?meter\) => $|"
        r"n\.name <> \$meter_id",
        reason="FEEDS has no cycle: no meter is its own node; nodes are looked up once each",
    ),
    Harmless(
        texts=r"q01_energy_chain/property_graph",
        pattern=r"labels\(n\)\[-1\]",
        reason="a node has one label",
    ),
    Harmless(
        texts=r"q02_functional_impact/property_graph|q11_it_impact/property_graph",
        pattern=r"=> .*\*[01]\.\.19",
        reason="at most three parts and ten hops of FEEDS are below one another",
    ),
    Harmless(
        texts=r"q0[12348]_|q09_|q10_|q11_",
        pattern=r"duplicates .*(SELECT DISTINCT (\?|point\.id)|WITH DISTINCT affected|"
        r"UNION => UNION ALL|COUNT\(DISTINCT \?dependent\))",
        reason="what comes twice is made one once more, before or after, or cannot come twice",
    ),
    Harmless(
        texts=r"(q08|q09|q10)_.*/property_graph\.",
        pattern=r"duplicates .*WITH DISTINCT",
        reason="the rows that go to the series side are made distinct there",
    ),
    Harmless(
        texts=r"q04_.*/rdf|q05_orphans/rdf|q13_office_comfort/rdf",
        pattern=r"duplicates .*SELECT DISTINCT",
        reason="an RDF graph holds a statement once, and each of these has one way to be found",
    ),
    Harmless(
        texts=r"q05_orphans/rdf",
        pattern=r"\?source .*=> \?source (btb:monitors\||btb:feeds\||\^btb:serves)",
        reason="nothing SERVES equipment",
    ),
    Harmless(
        texts=r"q09_tenant_carbon/(relational|document|rdf|property_graph)",
        pattern=r"(condition|comparison|property|duplicates) .*(carbon_intensity|building\.id =|"
        r"building\.site_id|jsonb_build_object\( 'contains'|site\.type|has_point|"
        r"\?point_type|AS point_type|SELECT DISTINCT point\.id)",
        reason="there is one site, and it has one point of that type and quantity",
    ),
    Harmless(
        texts=r"q09_tenant_carbon/property_graph\.",
        pattern=r"condition .*energy_interval",
        reason="the series side takes the types that it needs",
    ),
    Harmless(
        texts=r"q09_tenant_carbon/(relational|document|series)",
        pattern=r"(comparison|literal|condition|window) .*(time_bucket\(INTERVAL|in line 7: )",
        reason="reads more hours of intensity than the samples have",
    ),
    Harmless(
        texts=r"q09_tenant_carbon/property_graph_chunks",
        pattern=r"condition .*c\.day = day => .*AND TRUE",
        reason="joins by the hour all the same",
    ),
    Harmless(
        texts=r"q(11|13)_",
        pattern=r"condition .*point_type'? IN [([]",
        reason="points of other types are read and then not used",
    ),
    Harmless(
        texts=r"q11_it_impact",
        pattern=r"d\.(id|name) <> r\.(id|name) =>|FILTER \(\?dependent != \?rack\) => $",
        reason="HAS_PART and FEEDS have no cycle: nothing depends on itself",
    ),
    Harmless(
        texts=r"q12_building_dashboard/(relational|document)",
        pattern=r"condition in line 1[01]: ",
        reason="readings of other buildings' points are then not joined",
    ),
    Harmless(
        texts=r"document",
        pattern=r"condition .*type = '(Zone|Point|Tenant|Equipment|Space)'",
        reason="no other node has the property or the relation that is asked for as well",
    ),
    Harmless(
        texts=r"rdf_chunks",
        pattern=r"condition .*FILTER \(\?day >= \$first_day && \?day <= \$last_day\)",
        reason="reads more chunks than the window needs; the application drops their samples",
    ),
    Harmless(
        texts=r"q13_office_comfort/property_graph_chunks",
        pattern=r"c\.day / 86399|c\.day \* 86400",
        reason="leaves the same remainder by seven for every day until the year 2206",
    ),
)


def why_harmless(label: str) -> str | None:
    """Give the reason for which nobody notices a fault; None where somebody should."""
    for harmless in HARMLESS:
        if re.match(rf".*?({harmless.texts}).*?: .*({harmless.pattern})", label):
            return harmless.reason
    return None
