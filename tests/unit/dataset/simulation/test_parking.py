"""The car park: as many cars as places, and no car that comes twice."""

import numpy as np

from basetype_benchmark.dataset.simulation import parking


def test_cars_never_outnumber_the_places():
    people = np.arange(0.0, 1000.0, 10.0)
    cars = parking.cars_parked(people, np.full(100, 60.0))
    assert cars.max() == 60.0
    assert cars.min() >= 0
    assert (np.diff(cars) >= 0).all()
    assert (cars == np.floor(cars)).all()


def test_cars_that_came_are_counted_in_whole_and_never_fewer():
    came = parking.cars_come(np.cumsum(np.full(400, 7.3)))
    assert (np.diff(came) >= 0).all()
    assert (came == np.floor(came)).all()
    assert came[-1] > 0


def test_still_cars_give_off_nothing():
    clean = parking.carbon_monoxide_ppm(np.zeros(50))
    assert np.ptp(clean) == 0.0
    assert 0 <= clean[0] <= 9  # WHO: 9 ppm over eight hours
