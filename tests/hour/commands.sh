# A tyre maker's hour, from an empty folder to two published, verified footprints. Behind the first line the cells of company.xlsx are filled in.
pcf init --company 'Hengda Tyres (example)' --domain hengda.example --period 2025 --language zh --no-passphrase
pcf import company.xlsx cord.json --dry-run
pcf import company.xlsx cord.json --yes
pcf template first.toml --mapping-for bom.csv
pcf import bom.csv --mapping bom.toml --skip-totals --yes
pcf check
pcf status
pcf publish --all --standard ISO14067 --accept gwp-unstated='AR6 is assumed: other gases than CO2 weigh little in grid electricity' --accept factor-year='no newer factor'
pcf verify published/*.pcfproof --key "$(pcf log key)"
# Weeks later, one command each: a correction, an update, a new quarter, a supplier's new version, a comparison, a trial, a withdrawal, what holds as a workbook.
pcf import corrected.csv --correct --yes
pcf publish --changed --standard ISO14067 --accept gwp-unstated='AR6 is assumed: other gases than CO2 weigh little in grid electricity' --accept factor-year='no newer factor'
pcf import quarter.csv --yes
pcf import cord-2.json --follow --yes
pcf compare 'Tyre 205/55 R16' 'Tyre 225/45 R17'
pcf what-if 'Tyre 205/55 R16' --scale 'natural gas=0.8' --set 'electricity.factor=cn.mee.elec_footprint.2023.national'
pcf withdraw SHORT --reason 'the meter was read twice'
pcf undo --yes
pcf export all.xlsx
