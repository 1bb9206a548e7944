"""What pages of charts share: one version of the library, colours that can be seen anywhere."""

import json
import re

import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs_version

from basetype_benchmark.benchmark.charts import charts


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_script_is_the_one_that_the_python_package_writes_for():
    assert get_plotlyjs_version() == charts.PLOTLY_JS_VERSION
    assert f"plotly.js (cartesian - minified) v{charts.PLOTLY_JS_VERSION}" in charts.javascript()


def test_no_tag_of_html_ends_the_script():
    assert "</script" not in charts.javascript()
    assert "<!--" not in charts.javascript()


@pytest.mark.parametrize("colour", charts.PALETTE)
@pytest.mark.parametrize("paper", charts.PAPER.values())
def test_colours_stand_out_from_the_paper(colour: str, paper: str):
    assert contrast(colour, paper) >= 3


def test_paper_is_that_of_the_style_sheet():
    assert re.findall(r"--paper: (#\w+);", charts.stylesheet()) == list(charts.PAPER.values())


def test_a_chart_is_an_element_with_its_data():
    figure = go.Figure(go.Scatter(y=[1, 2], name="</script>"), layout={"height": 300})
    html = charts.element(figure, 'a "chart"')
    assert 'aria-label="a &quot;chart&quot;"' in html
    assert "height: 300px" in html
    (data,) = re.findall(r'class="data">(.*)</script>', html)
    assert json.loads(data)["data"][0]["name"] == "</script>"
    assert data.count("<") == 0


def test_plain_text_has_no_tags():
    assert charts.plain("<b>1 & 2</b>") == "&lt;b&gt;1 &amp; 2&lt;/b&gt;"
