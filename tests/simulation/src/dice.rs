//! Chance that can be repeated: the same seed gives the same numbers on every machine.

/// Steele, Lea and Flood's `SplitMix64`: enough for choosing what to try, and one line of state.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The dice of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        scramble(self.0)
    }

    /// A number from 0 to below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit.max(1)
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// A number from `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from).unwrap_or(0) + 1;
        from + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// One of `choices`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let at = self.below(u64::try_from(choices.len()).unwrap_or(1));
        &choices[usize::try_from(at).unwrap_or(0)]
    }

    /// Dice of its own for a part, so that the part doesn't change with what is rolled elsewhere.
    pub(crate) fn split(&mut self) -> Self {
        Self(self.roll())
    }
}

fn scramble(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The number at `place` of a seed's endless row, without rolling what comes before it.
pub(crate) fn mix(seed: u64, place: u64) -> u64 {
    scramble(seed.wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}
