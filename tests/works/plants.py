"""Honest works of several products: shared meters, campaigns of many articles, two sites, parts of one's own."""

from book import Work, day, later, months, quarters, whole
from makers import COUNTRIES, GOODS, MATERIALS, PLASTICS, Maker, noise, overlap


class Plant(Work):
    """Several products on one line, `line`, with meters that they share."""

    def __init__(self, name, rng, goods, count, year=None):
        super().__init__(name, rng, year or rng.choice([2023, 2024, 2025]), rng.choice(COUNTRIES), "Works 2")
        self.goods = {}
        for _ in range(count):
            article = goods._replace(mass=round(goods.mass * rng.uniform(0.4, 2.2), 3))
            product = self.product(article.label, article.mass, [MATERIALS, ("production", "line")],
                                   fossil_carbon_kg=round(article.mass * article.carbon, 4))
            self.goods[product] = article
        self.kg_made, self.hours = {}, {}

    def run(self, product, span, pieces, **columns):
        """A production with its machine hours."""
        article = self.goods[product]
        hours = round(pieces * article.mass * 0.011 * self.rng.uniform(0.9, 1.1), 1)
        self.made("line", span, pieces, product, allocation_keys=f"machine hours={hours}", **columns)
        kg = pieces * article.mass
        self.kg_made[product] = self.kg_made.get(product, 0) + kg
        self.hours[span] = self.hours.get(span, 0) + hours
        return kg

    def buy(self, product, pieces, hauled=True):
        """The year's material of one product; the scrap is read for all of them together."""
        article, span = self.goods[product], whole(self.year)[0]
        kg = round(pieces * article.mass * (1 + article.scrap) * self.rng.uniform(0.99, 1.01), 1)
        self.made("materials", span, pieces, product)
        self.used("materials", span, article.material, "material", kg, "kg", self.factor(article.factor), product,
                  **({} if hauled else {"delivered": "yes"}))
        if hauled:
            self.hauled("materials", span, f"{article.material} by lorry", kg / 1000, 240, product)

    def recipe(self, product):
        """A bill of materials for 1,000 pieces, which holds all year."""
        article = self.goods[product]
        row = self.used("materials", whole(self.year)[0], article.material, "material",
                        round(1000 * article.mass * (1 + article.scrap), 2), "kg", self.factor(article.factor),
                        product, recipe="yes", delivered="yes")
        row.update(output="1000", output_unit="piece")

    def share(self, spans, flow, kwh_per_kg, allocation, kg_in=None):
        """Readings for all products of the line, in proportion to the kg of each month where these are given."""
        kg = sum(self.kg_made.values())
        for span in spans:
            made = sum(of_month for month, of_month in (kg_in or {}).items() if overlap(span, month))
            used = (made or kg / len(spans)) * kwh_per_kg * noise(self.rng)
            if flow == "natural gas":
                self.gas_burnt("line", span, round(used), "*", allocation=allocation)
            else:
                self.used("line", span, flow, "energy", round(used), "kWh", self.grid(), "*", allocation=allocation)

    def scrap(self, spans):
        article = next(iter(self.goods.values()))
        kg = sum(self.kg_made.values()) * article.scrap
        for span in spans:
            self.used("line", span, "scrap", "waste", round(kg / len(spans) * self.rng.uniform(0.95, 1.05)), "kg",
                      self.factor(article.scrap_to), "*", allocation="mass")


def monthly_runs(plant, products):
    """Every product is made in every month; returns the kg of each month."""
    kg_in = {}
    for product in products:
        counts = []
        for span in months(plant.year):
            counts.append(round(plant.goods[product].monthly * plant.rng.uniform(0.3, 0.6)))
            kg_in[span] = kg_in.get(span, 0) + plant.run(product, span, counts[-1])
        plant.buy(product, sum(counts))
    return kg_in


def shared_by_hours(rng):
    """Monthly electricity by machine hours, yearly gas by mass."""
    plant = Plant("shared by hours", rng, rng.choice(PLASTICS), rng.randint(3, 6))
    kg_in = monthly_runs(plant, list(plant.goods))
    plant.share(months(plant.year), "grid electricity", 1.6, "machine hours", kg_in)
    plant.share(whole(plant.year), "natural gas", 0.2, "mass")
    plant.scrap(whole(plant.year))
    return plant


def shared_by_quarter(rng):
    """Quarterly bills over monthly outputs, by mass."""
    plant = Plant("shared by quarter", rng, rng.choice(GOODS), 3)
    kg_in = monthly_runs(plant, list(plant.goods))
    plant.share(quarters(plant.year), "grid electricity", 1.1, "mass", kg_in)
    plant.share(whole(plant.year), "natural gas", 0.4, "mass")
    plant.scrap(quarters(plant.year))
    return plant


def july_beside_others(rng):
    """One product of the hall starts in July: an output of 0 says so for the months before."""
    plant = Plant("july beside others", rng, rng.choice(GOODS), 3)
    *old, new = plant.goods
    kg_in = monthly_runs(plant, old)
    plant.run(new, (day(plant.year, 1), day(plant.year, 7)), 0)
    counts = []
    for span in months(plant.year, 7, 6):
        counts.append(round(plant.goods[new].monthly * rng.uniform(0.3, 0.6)))
        kg_in[span] += plant.run(new, span, counts[-1])
    plant.buy(new, sum(counts))
    plant.share(months(plant.year), "grid electricity", 1.2, "machine hours", kg_in)
    plant.share(quarters(plant.year), "natural gas", 0.3, "mass", kg_in)
    plant.scrap(whole(plant.year))
    return plant


def campaigns_by_month(rng):
    """Up to 200 articles in campaigns: a table of months with an output of 0 where none ran."""
    plant = Plant("campaigns by month", rng, rng.choice(PLASTICS), rng.randint(40, 120))
    for product in plant.goods:
        running = set(rng.sample(range(12), rng.randint(1, 4)))
        for at, span in enumerate(months(plant.year)):
            plant.run(product, span, rng.randint(300, 4000) if at in running else 0)
        plant.recipe(product)
    plant.share(quarters(plant.year), "grid electricity", 1.5, "machine hours")
    plant.share(whole(plant.year), "natural gas", 0.2, "mass")
    plant.scrap(whole(plant.year))
    return plant


def campaigns_by_batch(rng):
    """Up to 200 articles, each campaign a batch of some days; one meter of the line, read by the year."""
    plant = Plant("campaigns by batch", rng, rng.choice(PLASTICS), rng.randint(80, 200))
    for product in plant.goods:
        for campaign in range(rng.randint(1, 3)):
            start = later(day(plant.year, 1), campaign * 120 + rng.randint(0, 100))
            span = (start, later(start, rng.randint(2, 9)))
            plant.run(product, span, rng.randint(300, 4000), batch=f"L{campaign + 1}-{product.rsplit('-', 1)[1]}")
        plant.recipe(product)
    plant.share(whole(plant.year), "grid electricity", 1.5, "machine hours")
    plant.share(whole(plant.year), "natural gas", 0.2, "mass")
    plant.scrap(whole(plant.year))
    return plant


def two_sites(rng):
    """One product of two sites, each with its own meters and outputs."""
    work = Maker("two sites", rng)
    first = work.site
    for site in (first, "Works South"):
        work.site = site
        work.pieces = [round(count * rng.uniform(0.6, 0.9)) for count in work.pieces]
        work.materials(quarters(work.year))
        work.outputs("forming")
        work.electricity("forming", quarters(work.year))
        work.gas("forming", whole(work.year))
    return work


def part_of_ones_own(rng):
    """A motor housing is a product of the ledger and goes into a fan of the same maker."""
    work = Maker("own part", rng, goods=rng.choice(PLASTICS))
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", quarters(work.year))
    work.gas("forming", whole(work.year))
    part, fans, span = work.first, round(work.total * 0.98), work.year_span
    fan = work.product("fan", work.goods.mass + 0.9, [MATERIALS, ("production", "assembly")],
                       fossil_carbon_kg=round(work.goods.mass * work.goods.carbon, 4))
    work.made("materials", span, fans, fan)
    work.used("materials", span, "housings of our own", "material", fans, "piece", "product:" + part, fan)
    work.hauled("materials", span, "housings between halls", round(fans * work.goods.mass / 1000, 3), 4, fan)
    work.used("materials", span, "motors", "material", round(fans * 0.9), "kg", work.factor("motor"), fan,
              delivered="yes")
    for month in months(work.year):
        count = round(work.made_in(month) * 0.98)
        work.made("assembly", month, count, fan)
        work.used("assembly", month, "grid electricity", "energy", round(count * 0.12 * noise(rng)), "kWh",
                  work.grid(), fan)
    return work


def line_stands_still(rng):
    """The whole line stands still in August: outputs of 0, while the meter that all share runs on."""
    plant = Plant("line stands still", rng, rng.choice(PLASTICS), 3)
    kg_in = {}
    for product in plant.goods:
        counts = [round(plant.goods[product].monthly * rng.uniform(0.3, 0.6)) if at != 7 else 0 for at in range(12)]
        for span, count in zip(months(plant.year), counts):
            kg_in[span] = kg_in.get(span, 0) + plant.run(product, span, count)
        plant.buy(product, sum(counts), hauled=False)
    kg_in[months(plant.year)[7]] = sum(kg_in.values()) * 0.002
    plant.share(months(plant.year), "grid electricity", 1.4, "machine hours", kg_in)
    plant.share(whole(plant.year), "natural gas", 0.3, "mass")
    plant.scrap(whole(plant.year))
    return plant


def quarterly_outputs(rng):
    """Outputs by the quarter and electricity by the month: each reading is shared over its quarter."""
    plant = Plant("quarterly outputs", rng, rng.choice(GOODS), 4)
    kg_in = {}
    for product in plant.goods:
        counts = [round(plant.goods[product].monthly * rng.uniform(1.0, 1.6)) for _ in range(4)]
        for span, count in zip(quarters(plant.year), counts):
            kg = plant.run(product, span, count)
            for month in months(plant.year):
                kg_in[month] = kg_in.get(month, 0) + kg / 3 * overlap(span, month)
        plant.buy(product, sum(counts))
    plant.share(months(plant.year), "grid electricity", 1.2, "machine hours", kg_in)
    plant.share(whole(plant.year), "natural gas", 0.3, "mass")
    plant.scrap(quarters(plant.year))
    return plant


def extra_oven(rng):
    """Two of the four products pass an oven, whose gas is read for these two; the others do not."""
    plant = Plant("extra oven", rng, rng.choice(GOODS), 4)
    kg_in = monthly_runs(plant, list(plant.goods))
    plant.share(quarters(plant.year), "grid electricity", 1.3, "machine hours", kg_in)
    passing = "|".join(list(plant.goods)[:2])
    for span in quarters(plant.year):
        kwh = sum(kg for month, kg in kg_in.items() if overlap(span, month)) * 0.2 * noise(rng)
        plant.gas_burnt("line", span, round(kwh), passing, flow="gas of the oven", allocation="mass")
    plant.scrap(whole(plant.year))
    return plant


PLANS = [line_stands_still, quarterly_outputs, extra_oven, shared_by_hours, shared_by_quarter, july_beside_others,
         campaigns_by_month, campaigns_by_batch, two_sites, part_of_ones_own]
