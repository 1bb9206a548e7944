"""A dataset in the terms of Brick 1.5 and RealEstateCore, for tools that know them."""
