"""Air, sun and sky against published figures; the weather's chance against its own law."""

from datetime import date, timedelta

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import weather
from basetype_benchmark.dataset.simulation.arrays import STEPS, instant_hours

NORTH, EAST, SOUTH, WEST = range(4)
MIDSUMMER, EQUINOX, MIDWINTER = 172.0, 81.0, 355.0


def sun(of_year: float) -> tuple[np.ndarray, np.ndarray]:
    hours = instant_hours()
    elevation, azimuth = weather.sun_position(np.full(len(hours), of_year), hours)
    return np.degrees(elevation), np.degrees(azimuth)


@pytest.mark.parametrize(
    ("celsius", "pascal"),
    [(-10, 286.6), (0, 611.2), (10, 1228.1), (20, 2339.3), (30, 4246.9), (40, 7384.9)],
)
def test_saturation_pressure_of_the_steam_tables(celsius: float, pascal: float):
    """IAPWS-95; over supercooled water below zero (Goff and Gratch, 1946)."""
    found = float(weather.saturation_pressure(np.array(float(celsius))))
    assert found == pytest.approx(pascal, rel=0.004)


@pytest.mark.parametrize(
    ("celsius", "percent", "gram_per_kg"),
    [(20, 50, 7.26), (24, 50, 9.30), (30, 100, 27.3), (0, 100, 3.79)],
)
def test_moisture_of_the_psychrometric_chart(celsius: float, percent: float, gram_per_kg: float):
    """ASHRAE Handbook, Fundamentals, at 101 325 Pa."""
    found = 1000 * float(weather.moisture(np.array(float(celsius)), percent))
    assert found == pytest.approx(gram_per_kg, rel=0.01)


@pytest.mark.parametrize(("celsius", "percent", "wet"), [(20, 50, 13.7), (30, 40, 20.2)])
def test_wet_bulb_of_known_air(celsius: float, percent: float, wet: float):
    """The first is worked out in Stull's article."""
    found = weather.wet_bulb(np.array(float(celsius)), np.array(float(percent)))
    assert float(found) == pytest.approx(wet, abs=0.3)


def test_wet_bulb_is_between_dew_point_and_temperature():
    celsius = np.linspace(0.0, 40.0, 30)
    percent = np.linspace(10.0, 95.0, 30)
    wet = weather.wet_bulb(celsius, percent)
    assert (wet < celsius).all()
    assert (weather.moisture(wet, 100.0) > weather.moisture(celsius, percent) - 5e-4).all()


def test_the_sun_rises_due_east_at_the_equinox_for_half_a_day():
    elevation, azimuth = sun(EQUINOX)
    rises = np.flatnonzero(np.diff(np.sign(elevation)) > 0)[0]
    assert azimuth[rises] == pytest.approx(90, abs=2)
    assert (elevation > 0).mean() == pytest.approx(0.5, abs=0.01)
    assert elevation.max() == pytest.approx(90 - weather.LATITUDE_DEG, abs=0.4)


@pytest.mark.parametrize(("of_year", "hours"), [(MIDSUMMER, 15.98), (MIDWINTER, 8.02)])
def test_day_lasts_as_the_sunrise_equation_says(of_year: float, hours: float):
    """Arc of cos(w) = -tan(latitude) tan(23.45 degrees), without refraction."""
    elevation, _ = sun(of_year)
    assert 24 * (elevation > 0).mean() == pytest.approx(hours, abs=0.15)


def test_clear_sky_after_haurwitz():
    """1098 sin(h) exp(-0.057 / sin(h)), worked by hand."""
    degrees = np.array([90.0, 60.0, 30.0, 10.0, -1.0])
    found = weather.clear_sky_irradiance(np.radians(degrees))
    assert found == pytest.approx([1037.2, 890.3, 489.9, 137.3, 0.0], abs=1.0)


def test_facades_face_the_sun_in_turn():
    elevation, azimuth = (np.radians(angle) for angle in sun(EQUINOX))
    clear = weather.clear_sky_irradiance(elevation)
    walls = weather.facade_irradiance(clear, np.zeros(len(clear)), elevation, azimuth)
    by_hour = {hour: walls[hour * STEPS // 24].argmax() for hour in (8, 12, 16)}
    assert by_hour == {8: EAST, 12: SOUTH, 16: WEST}
    assert walls[:, NORTH].max() < walls[:, SOUTH].max() / 3


def test_overcast_sky_is_the_same_to_all_facades():
    """Half the sky, and the reflection of a fifth of the ground's half."""
    elevation, azimuth = (np.radians(angle) for angle in sun(MIDSUMMER))
    grey = np.full(len(elevation), 200.0)
    walls = weather.facade_irradiance(grey, np.ones(len(grey)), elevation, azimuth)
    assert walls == pytest.approx(np.full(walls.shape, 0.6 * 200.0))


def test_a_wall_that_faces_the_beam_gets_all_of_it():
    elevation, azimuth = np.radians([30.0]), np.radians([180.0])
    (walls,) = weather.facade_irradiance(np.array([400.0]), np.zeros(1), elevation, azimuth)
    diffuse = 0.15 * 400
    beam = (400 - diffuse) / np.sin(elevation[0]) * np.cos(elevation[0])
    assert walls[SOUTH] - walls[NORTH] == pytest.approx(beam)


def test_disturbances_are_standard_normal_and_last():
    """First-order autoregression: 0.92 after 6 h, 0.92^4 after a day."""
    days = np.concatenate([weather.disturbances(7, day, 4)[:-1] for day in range(250)])
    knots = days[:: STEPS // 4]
    assert knots.mean() == pytest.approx(0, abs=0.15)
    assert knots.std() == pytest.approx(1, abs=0.1)
    for lag, expected in ((1, 0.92), (4, 0.92**4)):
        found = np.corrcoef(knots[:-lag].ravel(), knots[lag:].ravel())[0, 1]
        assert found == pytest.approx(expected, abs=0.05)


def test_daylight_by_luminous_efficacy():
    assert weather.daylight_illuminance(np.array([1000.0])) == pytest.approx([110_000.0], rel=0.1)


def test_humidity_and_moisture_are_inverse():
    water = weather.moisture(np.array([21.0]), 45.0)
    assert weather.relative_humidity(np.array([21.0]), water) == pytest.approx([45.0])


def test_noon_sun_at_midsummer_and_midwinter():
    hours = instant_hours()
    for of_year, expected in ((172, 64.5), (355, 17.7)):
        elevation, azimuth = weather.sun_position(np.full(len(hours), float(of_year)), hours)
        assert np.degrees(elevation.max()) == pytest.approx(expected, abs=0.3)
        assert np.degrees(azimuth[elevation.argmax()]) == pytest.approx(180, abs=3)


def test_weather_is_continuous_over_midnight():
    today = weather.weather_of(42, date(2024, 3, 4), 63)
    tomorrow = weather.weather_of(42, date(2024, 3, 5), 64)
    assert tomorrow.temperature_c[0] == pytest.approx(today.temperature_c[-1], abs=1e-6)
    assert tomorrow.wind_m_s[0] == pytest.approx(today.wind_m_s[-1], abs=1e-6)


@pytest.fixture(scope="module")
def climate() -> dict[int, list[weather.Weather]]:
    """Three simulated years, by month."""
    months: dict[int, list[weather.Weather]] = {month: [] for month in range(1, 13)}
    for seed in (1, 2, 3):
        for index in range(0, 365, 2):
            day = date(2024, 1, 1) + timedelta(days=index)
            months[day.month].append(weather.weather_of(seed, day, index))
    return months


def mean_of(days: list[weather.Weather], name: str) -> float:
    return float(np.mean([getattr(day, name)[:-1].mean() for day in days]))


def test_climate_is_that_of_paris(climate: dict[int, list[weather.Weather]]):
    # Normals of Paris-Montsouris 1991 to 2020: months' means in °C and %, of a year in mm;
    # global irradiation of a year in kWh/m2 after PVGIS.
    assert mean_of(climate[1], "temperature_c") == pytest.approx(5.4, abs=1.5)
    assert mean_of(climate[7], "temperature_c") == pytest.approx(20.9, abs=1.5)
    assert mean_of(climate[1], "humidity_pct") == pytest.approx(83, abs=5)
    assert mean_of(climate[7], "humidity_pct") == pytest.approx(68, abs=5)
    days = [day for month in climate.values() for day in month]
    assert mean_of(days, "rain_mm_h") * 8760 == pytest.approx(634, rel=0.25)
    assert mean_of(days, "irradiance_w_m2") * 8.76 == pytest.approx(1220, rel=0.08)


def test_relative_humidity_falls_while_the_day_warms_up(climate: dict[int, list[weather.Weather]]):
    dawn = np.mean([day.humidity_pct[48:60].mean() for day in climate[7]])
    afternoon = np.mean([day.humidity_pct[180:192].mean() for day in climate[7]])
    assert dawn > afternoon + 20


def test_dew_point_never_passes_the_temperature(climate: dict[int, list[weather.Weather]]):
    assert all(
        (day.dew_point_c < day.temperature_c).all() for days in climate.values() for day in days
    )


def test_air_that_cools_keeps_its_water_until_it_is_near_saturation():
    temperature = np.array([20.0, 6.0, 5.0, 0.0])
    found = weather.dew_point_below(np.full(4, 5.0), temperature)
    assert found[0] == pytest.approx(5.0, abs=1e-3)
    assert temperature[2] - found[2] == pytest.approx(np.log(2))
    assert temperature[3] - found[3] == pytest.approx(0.0, abs=0.01)


def test_cloudy_irradiance_after_kasten_and_czeplak():
    clear = np.array([800.0, 800.0, 800.0])
    found = weather.cloudy_irradiance(clear, np.array([0.0, 0.5, 1.0]))
    assert found == pytest.approx([800.0, 743.2, 200.0], rel=1e-3)


def test_beam_is_never_stronger_than_at_sea_level():
    noon_low = np.array([0.02])
    walls = weather.facade_irradiance(np.array([300.0]), np.zeros(1), noon_low, np.full(1, np.pi))
    diffuse = 0.15 * 300
    assert walls[0, 2] == pytest.approx(950 * np.cos(0.02) + 0.5 * diffuse + 30, rel=1e-6)
