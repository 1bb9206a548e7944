"""What every page of charts of this project has in common: the library that draws, and the look.

Charts are Plotly figures, made in Python. A page has the library's JavaScript in it once, as
`plotly-cartesian-<version>.min.js`, which its makers publish for npm under the licence beside it.
"""
