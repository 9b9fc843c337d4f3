//! What nobody can guess.

/// A name that nobody can guess: 128 bits, as 32 digits.
pub fn name() -> String {
    use std::fmt::Write as _;
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("a system without random numbers cannot speak TLS either");
    bytes.iter().fold(String::with_capacity(32), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_differ() {
        let (one, two) = (super::name(), super::name());
        assert_eq!((one.len(), one == two), (32, false));
    }
}
