"""The sources in a proof whose `used` lists no sources (schemas/proof.md, Layout)."""
from . import shapes

FACTORS_OF_A_MATERIAL = [k.rstrip("?") for k, v in shapes.MATERIAL.items() if v is shapes.FACTOR]


def sources_named(statements, publication, activities):
    """Ids of the sources in the file that a proof may show: the product's own statement, the factors of its recycling,
    and what the bodies of used activities name."""
    activities = set(activities)
    factors, footprints, products = set(), set(), {publication.product}
    kinds = (("factor", factors), ("upstream", factors), ("footprint", footprints), ("product", products))
    for s in statements:
        if s.type == "activity" and s.whole and s.id in activities:
            for flow in s.flows:
                for field, names in kinds:
                    if field in flow:
                        names.add(flow[field])
            products.update(s.products())
        elif s.type == "product" and publication.product in s.all["ids"]:
            for material in s.all.get("recycling", {}).get("materials", []):
                factors.update(material[k] for k in FACTORS_OF_A_MATERIAL if k in material)
    shown = [s for s in statements if s.type == "product" and products & set(s.all["ids"])]
    for s in shown:
        products.update(s.all["ids"])  # a publication names its product by the first id, a flow by any
    shown += [s for s in statements if (s.type == "factor" and s.all["factor"] in factors)
              or (s.type == "supplierFootprint" and s.all["footprint"] in footprints)
              or (s.type == "publication" and s.id != publication.id and s.all["product"] in products)]
    return [s.id for s in shown]
