"""Emission factors that works use: rows of the shipped library by id, and factors of their own.

The factors of their own are plausible round figures, kg CO2e per unit; none is a published one.
"""

LIBRARY = {
    "grid cn 2023": "cn.mee.elec_footprint.2023.national",
    "grid cn 2024": "cn.mee.elec_footprint.2024.national",
    "gas": "uk.desnz2025.1_100_1004_6_1",
    "gas upstream": "uk.desnz2025.11_100_1004_6_1",
    "water": "uk.desnz2025.17_404_4005_1_1",
    "board": "uk.desnz2025.19_506_5156_15_1",
    "film": "uk.desnz2025.19_505_5124_15_1",
}

# key: name, category, unit, kg CO2e per unit, country ("" for the work's own)
FACTORS = {
    "grid.cn": ("Electricity, Chinese grid at the user, life cycle", "electricity.lifecycle", "kWh", 0.581, "CN"),
    "grid.de": ("Electricity, German grid at the user, life cycle", "electricity.lifecycle", "kWh", 0.412, "DE"),
    "grid.pl": ("Electricity, Polish grid at the user, life cycle", "electricity.lifecycle", "kWh", 0.742, "PL"),
    "grid.vn": ("Electricity, Vietnamese grid at the user, life cycle", "electricity.lifecycle", "kWh", 0.716, "VN"),
    "wind": ("Electricity from wind, onshore, at the user, life cycle", "electricity.lifecycle", "kWh", 0.0141, ""),
    "solar": ("Electricity from photovoltaics on the roof, life cycle", "electricity.lifecycle", "kWh", 0.0472, ""),
    "steel": ("Steel coil, hot rolled", "material", "kg", 2.31, ""),
    "aluminium": ("Aluminium billet, 40 % recycled", "material", "kg", 8.42, ""),
    "brass": ("Brass bar, 80 % recycled", "material", "kg", 2.74, ""),
    "pp": ("Polypropylene granulate", "material", "kg", 1.98, ""),
    "abs": ("ABS granulate", "material", "kg", 3.42, ""),
    "glass": ("Glass batch with cullet, molten stock", "material", "kg", 0.41, ""),
    "clay": ("Ceramic body, spray-dried", "material", "kg", 0.19, ""),
    "pig": ("Pig iron and bought scrap, charge mix", "material", "kg", 1.22, ""),
    "timber": ("Sawn timber, kiln-dried, fossil part", "material", "kg", 0.168, ""),
    "glue": ("PVAc glue", "material", "kg", 2.37, ""),
    "paint": ("Powder paint", "material", "kg", 4.18, ""),
    "screws": ("Screws, galvanised", "material", "kg", 2.92, ""),
    "motor": ("Electric motor, small", "material", "kg", 6.7, ""),
    "flour": ("Mineral premix", "material", "kg", 0.62, ""),
    "carton": ("Corrugated carton, fossil part", "material", "kg", 0.71, ""),
    "pe film": ("PE stretch film", "material", "kg", 2.6, ""),
    "metal scrap": ("Metal scrap to recycling, collection", "waste", "kg", 0.021, ""),
    "regrind": ("Plastic offcuts to recycling, collection and sorting", "waste", "kg", 0.032, ""),
    "rubble": ("Mineral waste to landfill", "waste", "kg", 0.011, ""),
    "landfill": ("Mixed waste to landfill, inert", "waste", "kg", 0.009, ""),
    "wood burnt": ("Waste wood burnt in an incinerator, fossil part", "waste", "kg", 0.031, ""),
    "board recycled": ("Waste board to recycling, collection", "waste", "kg", 0.022, ""),
    "heating oil": ("Heating oil burnt, with upstream", "fuel.combustion", "L", 3.19, ""),
}


def library_year(category, year):
    """The year of a factor that a diligent user takes: the grid's of the year itself, others a year older."""
    return year if category.startswith("electricity") else year - 1
