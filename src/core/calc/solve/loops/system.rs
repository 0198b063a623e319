//! The equations of one loop in whole numbers, row by row without common factors, with narrow
//! copies where 64 bits hold them. Multiplies exactly; solves nothing.

use crate::model::ValueError;
use crate::model::wide::{Wide, product, sum};

const WHAT: &str = "loop of products";

/// Coefficients below this need no more than 64 bits.
const NARROW: i64 = 1 << 62;

/// `D x = N x + b`, where the common factor of a row's D and N is kept beside it.
#[derive(Debug)]
pub(in crate::calc) struct System {
    starts: Vec<usize>,
    columns: Vec<u32>,
    /// Reduced by the row's factor.
    coefficients: Vec<Wide>,
    diagonal: Vec<Wide>,
    factors: Vec<Wide>,
    /// The same again where all fit: coefficients and diagonal.
    narrow: Option<(Vec<i64>, Vec<i64>)>,
}

impl Default for System {
    fn default() -> Self {
        Self {
            starts: vec![0],
            columns: Vec::new(),
            coefficients: Vec::new(),
            diagonal: Vec::new(),
            factors: Vec::new(),
            narrow: Some((Vec::new(), Vec::new())),
        }
    }
}

/// One row: who is consumed, how much, and the diagonal.
pub(super) struct Row<'s> {
    pub(super) columns: &'s [u32],
    pub(super) coefficients: &'s [Wide],
    pub(super) diagonal: Wide,
}

impl System {
    /// Adds a row: `factor * (diagonal * x - sum of coefficient * x of column) = b`. A column that
    /// stands twice is added up.
    pub(in crate::calc) fn push(
        &mut self,
        factor: Wide,
        diagonal: Wide,
        edges: impl IntoIterator<Item = (usize, Wide)>,
    ) -> Result<(), ValueError> {
        let overflow = || ValueError::Overflow { what: WHAT };
        let mut edges: Vec<(usize, Wide)> = edges.into_iter().collect();
        edges.sort_by_key(|edge| edge.0);
        let mut merged: Vec<(u32, Wide)> = Vec::with_capacity(edges.len());
        for (column, coefficient) in edges {
            let column = u32::try_from(column).map_err(|_| overflow())?;
            match merged.last_mut().filter(|last| last.0 == column) {
                Some(last) => last.1 = sum(last.1, coefficient, WHAT)?,
                None => merged.push((column, coefficient)),
            }
        }
        merged.retain(|edge| edge.1 != 0);
        let common = merged.iter().fold(diagonal.abs(), |g, edge| common_factor(g, edge.1.abs()));
        if common <= 0 || diagonal <= 0 {
            return Err(overflow());
        }
        for (column, coefficient) in merged {
            let reduced = coefficient / common;
            self.columns.push(column);
            self.coefficients.push(reduced);
            self.keep_narrow(reduced, false);
        }
        self.diagonal.push(diagonal / common);
        self.keep_narrow(diagonal / common, true);
        self.factors.push(product(factor, common, WHAT)?);
        self.starts.push(self.columns.len());
        Ok(())
    }

    fn keep_narrow(&mut self, value: Wide, diagonal: bool) {
        let fits = i64::try_from(value).ok().filter(|v| v.abs() < NARROW);
        match (&mut self.narrow, fits) {
            (Some((coefficients, diagonals)), Some(value)) => {
                if diagonal {
                    diagonals.push(value)
                } else {
                    coefficients.push(value)
                }
            }
            _ => self.narrow = None,
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.diagonal.len()
    }

    /// Columns of every row in one list.
    pub(super) fn columns(&self) -> &[u32] {
        &self.columns
    }

    /// Where each row starts in the list of columns, and one end more.
    pub(super) fn starts(&self) -> &[usize] {
        &self.starts
    }

    pub(super) fn factor(&self, row: usize) -> Wide {
        self.factors.get(row).copied().unwrap_or(Wide::ONE) // OK because callers count rows.
    }

    /// Reduced; what it stands for is `factor` times it.
    pub(super) fn row(&self, row: usize) -> Row<'_> {
        let from = self.starts.get(row).copied().unwrap_or_default();
        let to = self.starts.get(row + 1).copied().unwrap_or_default();
        Row {
            columns: self.columns.get(from..to).unwrap_or_default(),
            coefficients: self.coefficients.get(from..to).unwrap_or_default(),
            diagonal: self.diagonal.get(row).copied().unwrap_or(Wide::ONE),
        }
    }

    /// True where one process alone takes in at least what it makes.
    pub(super) fn consumes_own(&self, row: usize) -> bool {
        let of = self.row(row);
        let mut edges = of.columns.iter().zip(of.coefficients);
        edges.any(|(column, coefficient)| *column as usize == row && *coefficient >= of.diagonal)
    }

    /// True where nothing is avoided: no coefficient is below zero.
    pub(super) fn is_positive(&self) -> bool {
        self.coefficients.iter().all(|c| *c > 0)
    }

    /// `(D - N) x`, or `(D - |N|) x` where `absolute`, for `lanes` vectors that lie beside each
    /// other; the factors are in.
    pub(super) fn times(&self, x: &[i128], lanes: usize, absolute: bool) -> Result<Vec<Wide>, ValueError> {
        let narrow: Option<Vec<i64>> =
            x.iter().map(|v| i64::try_from(*v).ok().filter(|v| v.abs() < NARROW)).collect();
        let mut out = Vec::with_capacity(x.len());
        for row in 0..self.rows() {
            let at = out.len();
            match (&narrow, &self.narrow) {
                (Some(x), Some(of)) if self.narrow_row(row, x, lanes, absolute, of, &mut out).is_some() => {}
                _ => {
                    out.truncate(at);
                    for lane in 0..lanes {
                        out.push(self.wide_row(row, x, (lane, lanes), absolute)?);
                    }
                }
            }
            let factor = self.factor(row);
            for value in out.iter_mut().skip(at).filter(|_| factor != 1) {
                *value = product(*value, factor, WHAT)?;
            }
        }
        Ok(out)
    }

    fn narrow_row(
        &self,
        row: usize,
        x: &[i64],
        lanes: usize,
        absolute: bool,
        (coefficients, diagonals): &(Vec<i64>, Vec<i64>),
        out: &mut Vec<Wide>,
    ) -> Option<()> {
        let (from, to) = (*self.starts.get(row)?, *self.starts.get(row + 1)?);
        let (columns, coefficients) = (self.columns.get(from..to)?, coefficients.get(from..to)?);
        let diagonal = i128::from(*diagonals.get(row)?);
        for lane in 0..lanes {
            // OK because each product is below 2^124; only their sum is checked.
            let mut total = diagonal * i128::from(*x.get(row * lanes + lane)?);
            for (column, coefficient) in columns.iter().zip(coefficients) {
                let coefficient = if absolute { coefficient.abs() } else { *coefficient };
                let value = x.get(*column as usize * lanes + lane)?;
                total = total.checked_sub(i128::from(coefficient) * i128::from(*value))?;
            }
            out.push(Wide::from(total));
        }
        Some(())
    }

    fn wide_row(
        &self,
        row: usize,
        x: &[i128],
        (lane, lanes): (usize, usize),
        absolute: bool,
    ) -> Result<Wide, ValueError> {
        let of = self.row(row);
        let value = |row: usize| Wide::from(x.get(row * lanes + lane).copied().unwrap_or_default());
        let mut total = product(of.diagonal, value(row), WHAT)?;
        for (column, coefficient) in of.columns.iter().zip(of.coefficients) {
            let coefficient = if absolute { coefficient.abs() } else { *coefficient };
            let part = product(coefficient, value(*column as usize), WHAT)?;
            total = total.checked_sub(part).ok_or(ValueError::Overflow { what: WHAT })?;
        }
        Ok(total)
    }
}

/// The greatest common factor of two numbers that are not below zero.
pub(in crate::calc) fn common_factor(mut a: Wide, mut b: Wide) -> Wide {
    while b != 0 {
        if let (Ok(x), Ok(y)) = (u128::try_from(a), u128::try_from(b)) {
            return Wide::from(narrow_factor(x, y));
        }
        (a, b) = (b, a % b);
    }
    a
}

fn narrow_factor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(x), Ok(y)) = (u64::try_from(a), u64::try_from(b)) {
            return u128::from(short_factor(x, y));
        }
        (a, b) = (b, a % b);
    }
    a
}

/// The binary algorithm (Stein 1967), because a division takes longer than its steps.
fn short_factor(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), a.abs_diff(b));
    }
    a << twos
}
