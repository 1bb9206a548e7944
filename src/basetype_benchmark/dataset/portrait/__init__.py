"""A portrait of a dataset: one page of figures that shows whether its building is alive.

`inventory` tells what one building has, a module of `figures` chooses the points it shows and makes
a `Figure` of their samples, `drawing` has it drawn by Plotly, and `page` puts all of them into one
HTML file that needs nothing else. Only the points and days that are shown are read.
"""
