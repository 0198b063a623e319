//! A directory in which the real binary runs, and the exit code and texts of a run.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use pcf_ledger::ledger::Ledger;
use serde_json::Value;
use tempfile::TempDir;

use crate::calendar::{moved, year};

/// The table of a product of one process, which acme owns and signs for.
pub const BOTTLE: &[u8] =
    b"id,name,boundary,declared_amount,declared_unit,stage,process,signers,mass_kg,fossil_carbon_kg,packaging_included,ccs_included,exemptions,description\n\
      urn:gtin:06901234000016,Bottle,cradle-to-gate,1,piece,production,casting,acme,1,0,no,no,none,A bottle of a kilogram\n";

/// A directory to work in, with the ledger `led` in it.
pub struct Desk {
    pub dir: TempDir,
    binary: &'static str,
}

/// What a run left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.out, self.err);
        self.out
    }

    /// Refused with this exit code, a sentence that holds every one of `parts`, and a hint where one is `hint: …`.
    #[track_caller]
    pub fn refused(self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        assert!(self.err.starts_with("error: "), "{}", self.err);
        for part in parts {
            assert!(self.err.contains(part), "expected `{part}` in: {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}

impl Desk {
    /// `binary` is the path of the command; only the runners of its package know it.
    pub fn new(binary: &'static str) -> Self {
        Self { dir: TempDir::new().unwrap(), binary }
    }

    /// With a ledger, and the enrolled actor `acme` whose key is `acme.pem`.
    pub fn with_acme(binary: &'static str) -> Self {
        let desk = Self::new(binary);
        desk.pcf("init led --origin footprints.acme.example --no-passphrase").ok();
        desk.pcf("key new acme.pem --no-passphrase").ok();
        desk.pcf(
            "actor add acme --name Acme --key acme.pem --type product --type factor --type activity \
             --type supplierFootprint --stage procurement --stage production --sign-with led-keys/operator.pem",
        )
        .ok();
        desk
    }

    /// With acme's product and factor too, and the file `activities.csv`.
    pub fn with_product(binary: &'static str) -> Self {
        let desk = Self::with_acme(binary);
        desk.pcf("template products.csv --kind products").ok();
        desk.pcf("template factors.csv --kind factors").ok();
        desk.pcf("template activities.csv").ok();
        desk.one_activity();
        desk.pcf("product add products.csv --sign-with acme.pem").ok();
        desk.pcf("factor add factors.csv --sign-with acme.pem").ok();
        desk
    }

    /// Writes the statements of the products into `products.jsonl`, for who signs elsewhere.
    pub fn product_statements(&self) {
        let listed = self.json("list statements --type product");
        let ids = listed["statements"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap());
        let texts: String = ids.map(|id| self.pcf(&format!("log statement {id}")).ok()).collect();
        self.write("products.jsonl", texts.as_bytes());
    }

    /// Puts the two flows and the output of one statement below the header of `activities.csv`.
    fn one_activity(&self) {
        let template = fs::read_to_string(self.path("activities.csv")).unwrap();
        let header = template.lines().next().unwrap();
        let shared = "stage=production,process=die casting,site=Plant 7,country=CN,subdivision=CN-ZJ,\
            start=2025-01-01,end=2025-04-01,product=urn:gtin:06901234000016,output=12000,output_unit=piece,data=primary";
        let flows = [
            "flow=grid electricity,kind=energy,amount=53000,unit=kWh,source=factor:cn.mee.elec_footprint.2024.national",
            "flow=ingot between halls by lorry,kind=transport,amount=4.1,unit=t,times=12,times_unit=km,\
             source=factor:uk.desnz2025.27_304_3132_14_1,upstream=factor:uk.desnz2025.28_907_3132_14_1",
        ];
        let mut text = format!("{header}\n");
        for flow in flows {
            let cells: Vec<(&str, &str)> =
                shared.split(',').chain(flow.split(',')).filter_map(|cell| cell.split_once('=')).collect();
            let cell = |name: &str| cells.iter().find(|(n, _)| *n == name).map_or("", |(_, cell)| *cell);
            text.push_str(&header.split(',').map(cell).collect::<Vec<_>>().join(","));
            text.push('\n');
        }
        self.write("activities.csv", text.as_bytes());
    }

    /// With acme's bottle, its one factor, the file `activities.csv` of 2024 (as [`moved`] has it)
    /// and the right to publish: a record away from a
    /// publication.
    pub fn with_bottle(binary: &'static str) -> Self {
        let desk = Self::with_acme(binary);
        desk.pcf("actor add acme --type publication --company-id urn:example:acme --sign-with led-keys/operator.pem").ok();
        desk.write("products.csv", BOTTLE);
        desk.write(
            "factors.csv",
            format!(
                "id,name,category,unit,kgco2e,gwp_set,scope,year,source,licence,data\n\
              grid,Grid,electricity.lifecycle,kWh,0.8,AR6,life-cycle,{},x,x,secondary\n",
                year(2024)
            )
            .as_bytes(),
        );
        desk.write(
            "activities.csv",
            moved("stage,process,site,start,end,product,output,output_unit,flow,kind,amount,unit,source\n\
              production,casting,Plant 7,2024-01-01,2025-01-01,urn:gtin:06901234000016,100,piece,electricity,energy,900,kWh,factor:grid\n").as_bytes(),
        );
        desk.pcf("product add products.csv --sign-with acme.pem").ok();
        desk.pcf("factor add factors.csv --sign-with acme.pem").ok();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.binary);
        command.args(arguments).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env("PCF_LEDGER", "led").env_remove("PCF_PASSPHRASE_FILE");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments))
    }

    pub fn pcf(&self, line: &str) -> Ran {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    pub fn json(&self, line: &str) -> Value {
        let out = self.pcf(&format!("{line} --format json")).ok();
        let value: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{line}: {e}: {out}"));
        assert!(value.is_object(), "{line}: {out}");
        value
    }

    pub fn size(&self) -> u64 {
        Ledger::read(&self.path("led")).unwrap().size()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// A file of `count` activities like that of `activities.csv`, which differ in their batch.
    pub fn rows(&self, file: &str, prefix: &str, count: usize) {
        let good = fs::read_to_string(self.path("activities.csv")).unwrap();
        let (header, row) = (good.lines().next().unwrap(), good.lines().nth(1).unwrap());
        let batch = header.split(',').position(|name| name == "batch").unwrap();
        let mut text = format!("{header}\n");
        for n in 0..count {
            let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
            cells[batch] = format!("{prefix}{n:05}");
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        self.write(file, text.as_bytes());
    }

    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        self.write(name, text.replace(from, to).as_bytes());
    }
}

pub fn finish(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
