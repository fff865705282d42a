//! Owns the exact sum of a price while it is made: a fraction, rounded once at the end.
//! Does not own: how much is added.

use crate::money::{Money, MoneyError, Rounding};

const MILLION: i128 = 1_000_000;

/// Millionths of the currency, as a fraction. Every operation is checked: a sum that leaves the range is refused, never wrapped.
#[derive(Clone, Copy, Debug)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
    /// What a price per `price_units` is multiplied by to have the denominator: a million for each surcharge so far.
    scale: i128,
}

impl Exact {
    pub fn zero(price_units: u64) -> Exact {
        Exact { numerator: 0, denominator: i128::from(price_units.max(1)), scale: 1 }
    }

    /// Adds the share of `price` that `units` have.
    pub fn add_units(&mut self, price: Money, units: u64) -> Result<(), MoneyError> {
        let share = i128::from(price.millionths()).checked_mul(i128::from(units)).and_then(|share| share.checked_mul(self.scale));
        self.take(share)
    }

    pub fn add(&mut self, amount: Money) -> Result<(), MoneyError> {
        self.take(i128::from(amount.millionths()).checked_mul(self.denominator))
    }

    fn take(&mut self, share: Option<i128>) -> Result<(), MoneyError> {
        self.numerator = share.and_then(|share| self.numerator.checked_add(share)).ok_or(MoneyError::TooLarge)?;
        Ok(())
    }

    /// Raises the sum by so many millionths of itself.
    pub fn raise(&mut self, millionths: u64) -> Result<(), MoneyError> {
        let grown = self.numerator.checked_mul(MILLION + i128::from(millionths));
        let (Some(numerator), Some(denominator), Some(scale)) =
            (grown, self.denominator.checked_mul(MILLION), self.scale.checked_mul(MILLION))
        else {
            return Err(MoneyError::TooLarge);
        };
        *self = Exact { numerator, denominator, scale };
        Ok(())
    }

    pub fn round(self, digits: u32, rounding: Rounding) -> Result<Money, MoneyError> {
        Money::from_fraction(self.numerator, self.denominator, digits, rounding)
    }
}
