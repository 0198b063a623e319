//! Activities split by days: parts of a bill or a production that add up to it to the last digit
//! and name its days and amounts. It chooses no days; whether a part counts is for the calculation.

use super::{Activity, Amount, Co2e, DataKind, Date, Decimal, Flow, FlowKind, FlowSource, Output, Period};
use super::{Text, ValueError};

/// Days of a whole that a part has.
#[derive(Debug, Clone, Copy)]
struct Share {
    /// Days of the whole before the part.
    before: i128,
    /// Days of the whole up to the part's end.
    until: i128,
    /// Days of the whole.
    of: i128,
}

impl Share {
    /// The part's quanta: those of all days up to its end, rounded toward zero, less those of the
    /// days before it. So the parts of a whole add up to it, and the last takes the remainders.
    fn quanta(self, whole: i128) -> i128 {
        let (each, rest) = (whole / self.of, whole % self.of);
        // OK because days are at most the whole's, and a rest is smaller than those.
        let up_to = |days: i128| each * days + rest * days / self.of;
        up_to(self.until) - up_to(self.before)
    }

    fn decimal(self, whole: Decimal) -> Result<Decimal, ValueError> {
        Decimal::from_quanta(self.quanta(whole.quanta()))
    }
}

fn refused(problem: String) -> ValueError {
    ValueError::Combination { what: "activity", problem }
}

impl Activity {
    /// The parts before, between and from the days that divide its period: amounts, keys, values
    /// and the estimates of what is excluded are divided by days, and what was measured is
    /// estimated.
    ///
    /// # Errors
    /// [`ValueError::Combination`] for what days do not divide: a recipe, what applies to another
    /// period, a certificate, and what is a part already.
    ///
    /// ```
    /// use pcf_core::codec::decode_draft;
    /// use pcf_core::model::Statement;
    /// let text = br#"{"by":"acme","flows":[{"amount":"3100","data":"primary","gas":"CO2","kind":"emission","name":"burner","unit":"kg"}],"for":["*"],"period":{"end":"2025-01-15","start":"2024-12-15"},"process":"casting","salt":"AAAAAAAAAAAAAAAAAAAAAA","stage":"production","type":"activity","v":"1"}"#;
    /// let Statement::Activity(bill) = decode_draft(text)? else { panic!("an activity") };
    /// let parts = bill.split_at(&["2025-01-01".parse()?])?;
    /// let days: Vec<u32> = parts.iter().map(|part| part.period.days()).collect();
    /// assert_eq!(days, [17, 14]);
    /// assert_eq!(parts[0].split_from, Some(bill.period));
    /// assert!(parts[0].split_at(&["2024-12-20".parse()?]).is_err(), "a part is not split again");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn split_at(&self, days: &[Date]) -> Result<Vec<Self>, ValueError> {
        if let Some(problem) = self.indivisible() {
            return Err(refused(problem));
        }
        let mut edges: Vec<Date> = days.iter().copied().filter(|day| self.period.is_split_by(*day)).collect();
        edges.extend([self.period.start(), self.period.end()]);
        edges.sort_unstable();
        edges.dedup();
        let mut parts = Vec::with_capacity(edges.len());
        for pair in edges.windows(2) {
            let [start, end] = *pair else { continue };
            let part = self.part(Period::new(start, end)?)?;
            part.check()?;
            parts.push(part);
        }
        Ok(parts)
    }

    /// True where [`Self::split_at`] can divide it.
    pub fn is_divisible(&self) -> bool {
        self.indivisible().is_none()
    }

    /// Why days do not divide it, where they do not.
    fn indivisible(&self) -> Option<String> {
        if self.recipe {
            return Some(
                "a bill of materials has no days to be split by: record it for the days it is of".into(),
            );
        }
        if let Some(longer) = self.applies_to {
            return Some(format!(
                "it applies to {longer} (appliesTo) as a whole and is not split: ask for days that hold it, or record it without"
            ));
        }
        if let Some(whole) = self.split_from {
            return Some(format!("it is a part of {whole} already: split the whole at all the days at once"));
        }
        let claims = |flow: &&Flow| !flow.instruments.is_empty();
        self.flows.iter().find(claims).map(|flow| {
            let name = &flow.name;
            format!("its flow `{name}` claims a certificate, which days do not divide: record it in two rows, each with its own certificate")
        })
    }

    fn part(&self, period: Period) -> Result<Self, ValueError> {
        let start = self.period.start();
        let days = |end: Date| match Period::new(start, end) {
            Ok(before) => i128::from(before.days()),
            Err(_) => 0, // OK because the period begins with the whole.
        };
        let share =
            Share { before: days(period.start()), until: days(period.end()), of: days(self.period.end()) };
        Ok(Self {
            flows: self.flows.iter().map(|flow| part_of_flow(flow, share)).collect::<Result<_, _>>()?,
            outputs: self
                .outputs
                .iter()
                .map(|output| part_of_output(output, share))
                .collect::<Result<_, _>>()?,
            period,
            split_from: Some(self.period),
            ..self.clone()
        })
    }

    /// What is wrong with it as a part of a whole.
    pub(super) fn part_problem(&self) -> Option<String> {
        let flows = self.flows.iter().filter_map(|flow| Some((&flow.name, stated(flow)?, flow.split_from)));
        let outputs = self.outputs.iter().map(|output| (output.amount, output.split_from));
        let Some(whole) = self.split_from else {
            let named = self.flows.iter().any(|flow| flow.split_from.is_some());
            let named = named || self.outputs.iter().any(|output| output.split_from.is_some());
            return named.then(|| "names an amount that it was split from, and no days (splitFrom)".into());
        };
        if whole == self.period || !whole.covers(self.period) {
            return Some(format!("splitFrom {whole} must hold its period {} and more days", self.period));
        }
        if self.recipe || self.applies_to.is_some() {
            return Some(
                "is a recipe or applies to another period, so that it is no part (splitFrom)".into(),
            );
        }
        for (name, part, whole) in flows {
            if !whole.is_some_and(|whole| is_part(part, whole)) {
                return Some(format!(
                    "is a part, and its flow `{name}` does not name the amount it was split from, at least its own (splitFrom)"
                ));
            }
        }
        if outputs.into_iter().any(|(part, whole)| !whole.is_some_and(|whole| is_part(part, whole))) {
            return Some("is a part, and an output does not name the amount it was split from, at least its own (splitFrom)".into());
        }
        let measured: Option<&Text> = self
            .flows
            .iter()
            .find(|flow| flow.data == Some(DataKind::Primary) || !flow.instruments.is_empty())
            .map(|flow| &flow.name);
        measured.map(|name| {
            format!("is a part, so that its flow `{name}` is estimated and not primary, and claims no certificate (splitFrom)")
        })
    }
}

/// The amount that is divided: of two quantities the first.
fn stated(flow: &Flow) -> Option<Decimal> {
    flow.amount.as_ref().map(|amount| match amount {
        Amount::Given(quantity) => quantity.amount,
        Amount::Of([first, _]) => first.amount,
    })
}

/// True where the part lies between zero and the whole.
fn is_part(part: Decimal, whole: Decimal) -> bool {
    let between = Decimal::ZERO.min(whole)..=Decimal::ZERO.max(whole);
    between.contains(&part)
}

fn part_of_flow(flow: &Flow, share: Share) -> Result<Flow, ValueError> {
    let mut part = flow.clone();
    part.split_from = stated(flow);
    match &mut part.amount {
        Some(Amount::Given(quantity)) => quantity.amount = share.decimal(quantity.amount)?,
        Some(Amount::Of([first, _])) => first.amount = share.decimal(first.amount)?,
        None => {}
    }
    if let FlowSource::Excluded { estimate, .. } = &mut part.source {
        *estimate = Co2e::from_quanta(share.quanta(estimate.quanta()))?;
    }
    part.data = match flow.data {
        Some(DataKind::Secondary) => flow.data,
        // An estimate of what is left out is no measurement, stated or not.
        None if flow.kind == FlowKind::Excluded => None,
        _ => Some(DataKind::Estimated),
    };
    part.checked()
}

fn part_of_output(output: &Output, share: Share) -> Result<Output, ValueError> {
    let keys = output.keys.iter().map(|(name, key)| Ok((name.clone(), share.decimal(*key)?)));
    Ok(Output {
        amount: share.decimal(output.amount)?,
        keys: keys.collect::<Result<_, ValueError>>()?,
        product: output.product.clone(),
        split_from: Some(output.amount),
        unit: output.unit,
        value: output.value.map(|value| share.decimal(value)).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{decode_draft, encode_draft};
    use crate::model::Statement;
    use serde_json::{Value, json};

    fn activity(changes: Value) -> Activity {
        let mut value = json!({"by": "acme", "process": "casting", "salt": "AAAAAAAAAAAAAAAAAAAAAA",
            "stage": "production", "type": "activity", "v": "1",
            "period": {"start": "2024-12-15", "end": "2025-01-15"}});
        value.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        // Canonical, because `Value` sorts its keys and these texts need no escapes.
        match decode_draft(&serde_json::to_vec(&value).unwrap()).unwrap() {
            Statement::Activity(activity) => activity,
            other => panic!("{other:?}"),
        }
    }

    fn days(texts: &[&str]) -> Vec<Date> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn reading(amount: &str) -> Activity {
        let flow =
            json!({"amount": amount, "gas": "CO2", "kind": "emission", "name": "burner", "unit": "kg"});
        activity(json!({"flows": [flow], "for": ["*"]}))
    }

    #[test]
    fn parts_add_up_to_the_last_digit_and_each_lies_within_a_quantum_of_its_days() {
        for amount in ["3100", "0.000000000001", "1", "-7.3", "999999999999999999.999999999999", "0"] {
            let whole = reading(amount);
            for edges in [&["2025-01-01"][..], &["2024-12-16", "2024-12-17", "2025-01-14"]] {
                let parts = whole.split_at(&days(edges)).unwrap();
                assert_eq!(parts.len(), edges.len() + 1);
                let quanta = |part: &Activity| stated(&part.flows[0]).unwrap().quanta();
                assert_eq!(parts.iter().map(quanta).sum::<i128>(), quanta(&whole), "{amount} at {edges:?}");
                assert_eq!(parts.iter().map(|part| part.period.days()).sum::<u32>(), 31);
                for part in &parts {
                    // Times 31, so that nothing is rounded in the test itself.
                    let exact = quanta(&whole) * i128::from(part.period.days());
                    assert!((quanta(part) * 31 - exact).abs() < 31, "{amount} at {edges:?}");
                    assert_eq!(part.flows[0].split_from, stated(&whole.flows[0]));
                    assert_eq!(part.split_from, Some(whole.period));
                    let bytes = encode_draft(&part.clone().into()).unwrap();
                    assert_eq!(decode_draft(&bytes).unwrap(), part.clone().into());
                }
            }
        }
    }

    #[test]
    fn the_first_part_is_rounded_toward_zero_and_the_rest_goes_to_the_second() {
        let of = |amount: &str| {
            let parts = reading(amount).split_at(&days(&["2025-01-01"])).unwrap();
            parts.iter().map(|part| stated(&part.flows[0]).unwrap().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of("3100"), ["1700", "1400"]);
        assert_eq!(of("1"), ["0.548387096774", "0.451612903226"]);
        assert_eq!(of("-1"), ["-0.548387096774", "-0.451612903226"]);
        assert_eq!(of("0.000000000001"), ["0", "0.000000000001"]);
    }

    #[test]
    fn amounts_keys_values_and_estimates_are_divided_and_nothing_else() {
        let flow = |name: &str, more: Value| {
            let mut flow = json!({"name": name, "kind": "energy", "factor": "f"});
            flow.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            flow
        };
        let lorry = json!([{"amount": "31", "name": "mass", "unit": "t"}, {"amount": "80", "name": "distance", "unit": "km"}]);
        let output = json!({"amount": "62", "keys": {"hours": "9.3"}, "product": "urn:gtin:06901234000016", "unit": "piece", "value": "310"});
        let whole = activity(json!({"outputs": [output], "flows": [
            flow("measured", json!({"amount": "31", "unit": "kWh", "data": "primary", "fossilCarbon": "0.5"})),
            flow("looked up", json!({"amount": "31", "unit": "kWh", "data": "secondary"})),
            flow("unstated", json!({"amount": "31", "unit": "kWh"})),
            flow("lorry", json!({"of": lorry})),
            {"name": "glue", "kind": "excluded", "estimate": "0.000000000000031", "reason": "small"},
        ]}));
        let parts = whole.split_at(&days(&["2025-01-01"])).unwrap();
        let [first, second] = parts.try_into().unwrap();
        let spelt = serde_json::to_value(&first).unwrap();
        assert_eq!(
            spelt["outputs"][0],
            json!({"amount": "34", "keys": {"hours": "5.1"}, "product": "urn:gtin:06901234000016", "splitFrom": "62", "unit": "piece", "value": "170"})
        );
        let flows = spelt["flows"].as_array().unwrap();
        let data: Vec<&Value> = flows.iter().map(|flow| &flow["data"]).collect();
        assert_eq!(
            data,
            ["estimated".into(), "secondary".into(), "estimated".into(), "estimated".into(), Value::Null]
                .iter()
                .collect::<Vec<_>>()
        );
        assert_eq!((&flows[0]["amount"], &flows[0]["fossilCarbon"]), (&"17".into(), &"0.5".into()));
        assert_eq!(
            (&flows[3]["of"][0]["amount"], &flows[3]["of"][1]["amount"]),
            (&"17".into(), &"80".into())
        );
        assert_eq!((&flows[3]["splitFrom"], &flows[4]["splitFrom"]), (&"31".into(), &Value::Null));
        assert_eq!(flows[4]["estimate"], "0.000000000000017");
        assert_eq!(serde_json::to_value(&second).unwrap()["flows"][4]["estimate"], "0.000000000000014");
    }

    #[test]
    fn what_days_do_not_divide_is_refused_with_the_way_out() {
        let output = || json!([{"amount": "1", "product": "urn:gtin:06901234000016", "unit": "piece"}]);
        let power = json!({"name": "power", "kind": "energy", "amount": "1", "unit": "kWh", "factor": "f"});
        let mut green = power.clone();
        green["instruments"] =
            json!([{"id": "REC-1", "kWh": "1", "period": {"start": "2024-01-01", "end": "2026-01-01"}}]);
        let longer = json!({"start": "2024-01-01", "end": "2026-01-01"});
        let part = reading("1").split_at(&days(&["2025-01-01"])).unwrap().remove(0);
        for (whole, said) in [
            (activity(json!({"flows": [power], "outputs": output(), "recipe": true})), "a bill of materials"),
            (
                activity(json!({"flows": [power], "outputs": output(), "appliesTo": longer})),
                "it applies to 2024-01-01..2026-01-01",
            ),
            (activity(json!({"flows": [green], "for": ["*"]})), "its flow `power` claims a certificate"),
            (part, "a part of 2024-12-15..2025-01-15 already"),
        ] {
            let refused = whole.split_at(&days(&["2024-12-20"])).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
            assert!(!whole.is_divisible());
        }
    }

    #[test]
    fn a_part_that_does_not_name_its_whole_or_claims_to_be_measured_is_refused() {
        let part = reading("31").split_at(&days(&["2025-01-01"])).unwrap().remove(0);
        part.check().unwrap();
        let refused = |change: &dyn Fn(&mut Activity)| {
            let mut bent = part.clone();
            change(&mut bent);
            bent.check().unwrap_err().to_string()
        };
        assert!(refused(&|p| p.split_from = None).contains("and no days"));
        assert!(refused(&|p| p.split_from = Some(p.period)).contains("must hold its period"));
        assert!(refused(&|p| p.split_from = Some("2025".parse().unwrap())).contains("must hold its period"));
        assert!(refused(&|p| p.flows[0].split_from = None).contains("does not name the amount"));
        assert!(refused(&|p| p.flows[0].split_from = Some(Decimal::ONE)).contains("at least its own"));
        assert!(refused(&|p| p.flows[0].data = Some(DataKind::Primary)).contains("not primary"));
        assert!(
            refused(&|p| p.flows[0].split_from = Some("-31".parse().unwrap())).contains("at least its own")
        );
        let mut bent = part.flows[0].clone();
        bent.kind = FlowKind::Excluded;
        bent.source = FlowSource::Excluded { estimate: Co2e::ZERO, reason: "small".parse().unwrap() };
        bent.amount = None;
        assert!(bent.checked().unwrap_err().to_string().contains("names none that it was split from"));
    }
}
