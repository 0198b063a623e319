# A corrugated box, from an empty folder to a footprint that its buyer verifies. The cells of company.xlsx are filled in behind the first line.
pcf template company.xlsx
pcf init box --origin linjiang-packaging.example/ledger --no-passphrase
pcf key new linjiang.pem --no-passphrase
pcf --ledger box actor add linjiang --name 'Linjiang Packaging (example)' --key linjiang.pem --company-id urn:pact:linjiang-packaging.example:company-id:1 --type factor --type product --type activity --type publication --stage procurement --stage production --sign-with box-keys/operator.pem
pcf factor search paper board
pcf factor search electricity --country CN --year 2024
pcf --ledger box record company.xlsx --sign-with linjiang.pem
pcf --ledger box factor use cn.mee.elec_footprint.2024.national uk.desnz2025.11_100_1004_1_1 uk.desnz2025.17_404_4005_1_1 uk.desnz2025.19_505_5124_15_1 uk.desnz2025.19_506_5159_15_1 uk.desnz2025.1_100_1004_1_1 uk.desnz2025.20_506_5443_15_1 uk.desnz2025.27_304_3132_14_1 uk.desnz2025.28_907_3132_14_1 --sign-with linjiang.pem
pcf --ledger box check
pcf --ledger box footprint 'Corrugated box 400 x 300 x 250 mm' --period 2024
pcf --ledger box trace 'Corrugated box 400 x 300 x 250 mm' --period 2024 --top 5
pcf --ledger box publish 'Corrugated box 400 x 300 x 250 mm' --period 2024 --standard ISO14067 --valid-until 2027-12-31 --sign-with linjiang.pem --log-key box-keys/log.pem --show all --out published
pcf verify published/*.pcfproof --key "$(pcf --ledger box log key)"
pcf verify published/*-*.json --key "$(pcf --ledger box log key)"
pcf --ledger box audit
