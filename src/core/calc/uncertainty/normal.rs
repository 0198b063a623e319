//! The normal quantile: Wichura's algorithm AS 241, PPND16 (Applied Statistics 37, 1988, 477-484),
//! relative error about 1e-16. Only `+ - * /` and `libm`, so every platform gives the same bits.

/// Uniform in (0, 1), never 0 or 1, from 64 bits: the middle of one of 2^52 equal steps.
pub(super) fn uniform(bits: u64) -> f64 {
    const STEP: f64 = 1.0 / 4_503_599_627_370_496.0; // 2^-52
    ((bits >> 12) as f64 + 0.5) * STEP // OK because 52 bits and a half are exact in a float.
}

/// The value below which a standard normal variable lies with probability `p`, for `0 < p < 1`.
pub(super) fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE_A, &CENTRE_B);
    }
    let r = libm::sqrt(-libm::log(if q < 0.0 { p } else { 1.0 - p }));
    let tail = if r <= 5.0 { ratio(r - 1.6, &NEAR_C, &NEAR_D) } else { ratio(r - 5.0, &FAR_E, &FAR_F) };
    if q < 0.0 { -tail } else { tail }
}

/// Quotient of two polynomials by Horner's rule, lowest power first.
fn ratio(r: f64, numerator: &[f64; 8], denominator: &[f64; 8]) -> f64 {
    let horner = |c: &[f64; 8]| {
        ((((((c[7] * r + c[6]) * r + c[5]) * r + c[4]) * r + c[3]) * r + c[2]) * r + c[1]) * r + c[0]
    };
    horner(numerator) / horner(denominator)
}

const CENTRE_A: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const CENTRE_B: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_66e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_854e3,
];
const NEAR_C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const NEAR_D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_F: [f64; 8] = [
    1.0,
    5.998_322_065_558_879e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_undoes_the_distribution_everywhere() {
        let mut p = 1e-15;
        while p < 0.5 {
            let below = 0.5 * libm::erfc(-quantile(p) / core::f64::consts::SQRT_2);
            assert!((below / p - 1.0).abs() < 1e-13, "{p}: {below}");
            assert!((quantile(1.0 - p) + quantile(p)).abs() < 1e-15 / p.min(1.0) + 1e-13, "{p}");
            p *= 1.07;
        }
        assert_eq!(quantile(0.5), 0.0);
    }

    #[test]
    fn the_papers_examples_come_out() {
        // AS 241, section "accuracy": p = 0.25, 0.001, 1e-20.
        for (p, z) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_814),
            (1e-20, -9.262_340_089_798_408),
        ] {
            assert!((quantile(p) - z).abs() < 4e-15 * z.abs().max(1.0), "{p}: {}", quantile(p));
        }
    }

    #[test]
    fn no_bits_give_certainty() {
        assert!(uniform(0) > 0.0 && uniform(u64::MAX) < 1.0);
        assert!(quantile(uniform(0)).is_finite() && quantile(uniform(u64::MAX)).is_finite());
    }
}
