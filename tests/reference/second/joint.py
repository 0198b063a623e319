"""Shares of the outputs of one production (section 9)."""
from . import units
from .names import fold
from .numbers import ONE, ZERO, decimal, half_even, largest_remainder
from .selection import output_units
from .stop import Stop


def mass(inventory, statement, output):
    """The kg of an output, or None where its mass is not known; the products that were asked are the second part."""
    amount = decimal(output["amount"])
    if units.dimension(output["unit"]) == "mass":
        return half_even(units.convert(amount, output["unit"], "kg"), 18), None
    product = inventory.by_id.get(output["product"])
    if product is None:
        return None, None
    if units.dimension(output["unit"]) != units.dimension(product.all["declaredUnit"]["unit"]):
        raise Stop("OutputUnit", output["product"])
    per = product.all.get("massPerDeclaredUnit")
    if per is None:
        return None, product
    return output_units(inventory, statement, product) * decimal(per), product


def key(inventory, statement, output, method):
    """The key of an output for a method (9.2)."""
    amount = decimal(output["amount"])
    if method == "mass":
        found, _ = mass(inventory, statement, output)
    elif method == "pieces":
        found = amount if output["unit"] == "piece" else None
    elif method == "price":
        found = decimal(output["value"]) if "value" in output else None
    else:
        keys = output.get("keys", {})
        name = method if method in keys else next(
            (k for k in sorted(keys, key=lambda k: k.encode()) if fold(k) == fold(method)), None)
        found = None if name is None else decimal(keys[name])
    if found is None:
        if amount == 0 and method not in ("pieces", "mass"):
            return ZERO
        raise Stop("AllocationKey", "%s of %s" % (method, output["product"]))
    return found


class Joint:
    """Shares by output id, notes, and the products whose statements were needed."""

    def __init__(self, inventory, statement):
        self.shares, self.notes, self.needed = {}, [], []
        outputs = statement.outputs
        if len(outputs) == 1:
            self.shares = {outputs[0]["product"]: ONE}
            return
        if not statement.flows:
            return
        method = statement.all["allocation"]
        if method == "mass":
            self.needed += [inventory.by_id[o["product"]] for o in outputs
                            if units.dimension(o["unit"]) != "mass" and o["product"] in inventory.by_id]
        if all("value" in o for o in outputs):
            self.needed += [inventory.by_id[o["product"]] for o in outputs if o["product"] in inventory.by_id]
        self.judge(inventory, statement, outputs, method)
        keys = [(o["product"].encode(), key(inventory, statement, o, method)) for o in outputs]
        if sum(k for _, k in keys) == 0:
            raise Stop("Value", "the keys of %s sum to zero" % statement.id)
        self.shares = dict(zip([o["product"] for o in outputs], largest_remainder(keys)))

    def judge(self, inventory, statement, outputs, method):
        """9.3: the order of methods."""
        if any(inventory.by_id[o["product"]].all.get("rules") for o in outputs if o["product"] in inventory.by_id):
            return
        if not all("value" in o for o in outputs):
            self.notes.append("allocation-not-judged")
            return
        amounts = []
        for o in outputs:
            try:
                amounts.append(mass(inventory, statement, o)[0])
            except Stop:
                amounts.append(None)
        if None in amounts:
            first = outputs[0]["unit"]
            amounts = [units.convert(decimal(o["amount"]), o["unit"], first) for o in outputs]
            if None in amounts:
                self.notes.append("allocation-not-judged")
                return
            amounts = [half_even(a, 18) for a in amounts]
        pairs = [(decimal(o["value"]), a) for o, a in zip(outputs, amounts)]
        per_unit = [v / a for v, a in pairs if a > 0]
        far = bool(per_unit) and max(per_unit) > 5 * min(per_unit)
        if far and method != "price":
            raise Stop("AllocationOrder", statement.id)
        if not far and method == "price":
            self.notes.append("price-within-five")
