//! The command names what makes a footprint, what is credited in it, and why a loop or a tiny
//! amount has none.

use pcf_testing::desk::Desk;

use crate::PCF;

const HEAD: &str = "stage,process,start,end,product,output,output_unit,flow,kind,amount,unit,source\n";

/// Products of one process each, and a factor of 2 kg per kg.
fn works(rows: &[&str]) -> Desk {
    let desk = Desk::with_acme(PCF);
    let mut products = String::from_utf8(pcf_testing::desk::BOTTLE.to_vec()).unwrap();
    for (name, declared) in
        [("Scrap", "1,kg"), ("Crate", "1,piece"), ("Fridge", "1,piece"), ("Tiny", "7,piece")]
    {
        products += &format!(
            "urn:pact:acme.example:product-id:{name},{name},cradle-to-gate,{declared},production,casting,acme,1,0,no,no,none,A {name}\n"
        );
    }
    desk.write("products.csv", products.as_bytes());
    desk.pcf("product add products.csv --sign-with acme.pem").ok();
    let factors = "id,name,category,unit,kgco2e,gwp_set,scope,year,source,licence,data\n\
        f,Thing,material,kg,2,AR6,life-cycle,2025,me,own,secondary\n";
    desk.write("factors.csv", factors.as_bytes());
    desk.pcf("factor add factors.csv --sign-with acme.pem").ok();
    let row = |row: &&str| {
        let (product, rest) = row.split_once(',').unwrap();
        let id = match product {
            "Bottle" => "urn:gtin:06901234000016".to_owned(),
            name => format!("urn:pact:acme.example:product-id:{name}"),
        };
        format!("production,casting,2025-01-01,2026-01-01,{id},{rest}\n")
    };
    desk.write("rows.csv", (HEAD.to_owned() + &rows.iter().map(row).collect::<String>()).as_bytes());
    desk.pcf("record rows.csv --sign-with acme.pem").ok();
    desk
}

#[test]
fn a_loop_is_named_with_a_cycle_of_it_and_so_is_what_hangs_on_it() {
    let desk = works(&[
        "Bottle,1,piece,scrap in,material,2,kg,product:urn:pact:acme.example:product-id:Scrap",
        "Scrap,1,kg,bottles back,material,0.6,piece,product:urn:gtin:06901234000016",
        "Crate,1,piece,bottles,material,12,piece,product:urn:gtin:06901234000016",
    ]);
    let cycle = "`Bottle` needs 2 of `Scrap`, `Scrap` needs 0.6 of `Bottle`: a gain of 1.2";
    for (product, way) in [("Bottle", ""), ("Crate", "needs `Bottle` (urn:gtin:06901234000016) of this loop")]
    {
        desk.pcf(&format!("footprint {product} --period 2025"))
            .refused(1, &["consumes more than it makes", cycle, way]);
    }
}

#[test]
fn what_makes_the_figure_and_what_is_credited_in_it_are_told() {
    let desk = works(&[
        "Fridge,1,piece,leak,emission,0.1,kg,R-454B",
        "Fridge,1,piece,steel,material,20,kg,factor:f",
        "Fridge,1,piece,scrap given back,material,-3,kg,factor:f",
    ]);
    let json = desk.json("footprint Fridge --period 2025");
    assert_eq!(json["figures"]["gate"]["excludingUptake"], "87.1374811");
    assert_eq!(json["mainProcesses"][0]["process"], "casting");
    assert_eq!(json["mainProcesses"][0]["togetherPercent"], "100");
    assert_eq!(json["credits"][0]["flow"], "scrap given back");
    assert_eq!(json["credits"][0]["kgCo2e"], "-6");
    let text = desk.pcf("footprint Fridge --period 2025 --uncertainty").ok();
    for line in [
        "100 % are made by production / casting 100 %.",
        "Credit inside the total: production / casting, scrap given back, -6 kg CO2e.",
        "R454B counts by its mass shares (ASHRAE 34): 68.9 % HFC32, 31.1 % HFO1234yf",
        "Uncertainty: not known. No flow and no factor states any.",
    ] {
        assert!(text.replace("\n      ", " ").contains(line), "{line}\n{text}");
    }
    let drawn = desk.json("footprint Fridge --period 2025 --monte-carlo 100 --seed 1");
    assert_eq!(drawn["uncertaintyNotKnown"], true);
    assert!(drawn.get("monteCarlo").is_none(), "{drawn}");
    desk.pcf("footprint Fridge --period 2025 --gwp AR5")
        .refused(1, &["AR5 has no characterisation factor for HFO1234yf, a component of R454B"]);
}

#[test]
fn what_would_lose_digits_is_refused_with_how_to_state_more() {
    let desk = works(&["Tiny,0.000000000002,piece,steel,material,20,kg,factor:f"]);
    desk.pcf("footprint Tiny --period 2025").refused(
        1,
        &["less than 0.000000000001 declared units (7 piece)", "for 1,000 pieces in place of one"],
    );
    let row = "production,casting,2025-01-01,2026-01-01,urn:pact:acme.example:product-id:Tiny,1,piece,x,material,0.0000000000001,kg,factor:f\n";
    desk.write("less.csv", format!("{HEAD}{row}").as_bytes());
    desk.pcf("record less.csv --sign-with acme.pem")
        .refused(1, &["at most 12 digits after the point", "such as for 1000 times as many"]);
}
