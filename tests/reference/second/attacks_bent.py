"""Activities in another form, under good seals."""
from . import canon, forge
from .attacks import ATTACKS, start
from .forge import PRODUCT, Log, factor, made, product


def bent(name, old, new, which="header"):
    """An activity or product with another spelling."""
    def run():
        log = start()

        def bend(texts):
            found = []
            for header, body in texts:
                if which == "header":
                    header = header.replace(old, new)
                elif body:
                    body = body.replace(old, new)
                    h = canon.parse(header)
                    h["body"] = forge.hashlib.sha256(b"\2" + body.encode()).hexdigest()
                    header = canon.write(h)
                found.append((header, body))
            return found
        log.submit("maker", factor(), product())
        log.submit("maker", made())
        d = log.publication(PRODUCT)
        again = Log()
        again.submissions, again.seals, again.ledger = log.submissions[:-1], log.seals[:-1], log.ledger
        ident = log.submissions[-1]
        old_id = forge.merkle.leaf(ident[0][0].encode()).hex()
        new_id = again.submit("maker", made(), bend=bend)[0]
        again.used = {**log.used, "activities": sorted(({*log.used["activities"]} - {old_id}) | {new_id})}
        d.update(log=again.position(), used=forge.publication.used_of(**again.used))
        pub = again.submit("maker", d)[0]
        return again.proof(pub, drop=(log.other, log.auditor))
    ATTACKS["bent_" + name] = run


bent("space", '"by":', '"by": ')
bent("unknown_member", '"by":', '"aa":"x","by":')
bent("empty_batch", '"body":', '"batch":"","body":')
bent("space_at_end", '"process":"make"', '"process":"make "')
bent("no_such_day", "2025-01-01", "2025-02-30")
bent("reversed", '"end":"2026-01-01"', '"end":"2024-01-01"')
bent("version", '"v":"1"', '"v":"2"')
bent("zero_at_end", '"amount":"3"', '"amount":"3.0"', "body")
bent("number", '"amount":"3"', '"amount":3', "body")
bent("plus", '"amount":"3"', '"amount":"+3"', "body")
bent("null", '"flows":', '"evidence":null,"flows":', "body")
bent("empty_list", '"flows":', '"evidence":[],"flows":', "body")
bent("delivered_false", '"amount":"1","factor"', '"amount":"1","delivered":false,"factor"', "body")
bent("delivered_true", '"amount":"1","factor"', '"amount":"1","delivered":true,"factor"', "body")
bent("two_sources", '"factor":"steel"', '"factor":"steel","gas":"CO2"', "body")
bent("unknown_unit", '"unit":"kg"', '"unit":"stone"', "body")
bent("unknown_kind", '"kind":"material"', '"kind":"magic"', "body")
bent("thirteen_digits", '"amount":"3"', '"amount":"3.0000000000001"', "body")
bent("nineteen_digits", '"amount":"3"', '"amount":"1000000000000000000"', "body")
bent("below_zero", '"amount":"3"', '"amount":"-3"', "body")
bent("short_salt", '"salt":"', '"salt":"AA', "body")
bent("type_of_body", '"type":"activityBody"', '"type":"activity"', "body")
bent("no_salt", '"salt"', '"salu"', "body")
bent("recipe_false", '"stage"', '"recipe":false,"stage"')
bent("needless_escape", '"make"', '"m\\u0061ke"')
bent("control_character", '"process":"make"', '"process":"ma\\u0001ke"')
bent("subdivision_alone", '"type":"activityBody"', '"subdivision":"CN-ZJ","type":"activityBody"', "body")
bent("country_alone", '"flows"', '"country":"CN","flows"', "body")
bent("meter_of_production", '"outputs"', '"meter":"m","outputs"')
bent("series_of_production", '"stage"', '"series":"AAAAAAAAAAAAAAAAAAAAAA","stage"')
bent("allocation_alone", '{"flows"', '{"allocation":"mass","flows"', "body")


bent("more_tags", '"outputs":[', '"outputs":[{"product":"%s"},' % ("00" * 32))
bent("for_in_header", '"outputs"', '"for":[{"product":"%s"}],"outputs"' % ("00" * 32))
bent("for_in_body", '"outputs"', '"for":["%s"],"outputs"' % PRODUCT, "body")
bent("text_of_2001_bytes", '"process":"make"', '"process":"%s"' % ("m" * 2001))
bent("del_character", '"process":"make"', '"process":"ma\u007fke"')
bent("c1_character", '"process":"make"', '"process":"ma\u0085ke"')
bent("no_break_space_at_end", '"process":"make"', '"process":"make\u00a0"')
bent("instant_without_day", '"stage"', '"splitFrom":{"end":"2026-01-01","start":"2025-01-01"},"stage"')
bent("quality_of_six", '"outputs"', '"outputs"', "body")
