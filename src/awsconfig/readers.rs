//! The families of programs that read the file, as a set.

use std::fmt;

/// A set of reader families.
///
/// Each family shares one parser, so what one member reads all members read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Readers(u8);

impl Readers {
    /// Nobody.
    pub const NONE: Self = Self(0);
    /// The AWS CLI, boto3 and everything else on botocore.
    pub const BOTOCORE: Self = Self(1);
    /// The AWS SDK for Rust.
    pub const RUST: Self = Self(2);
    /// The AWS SDK for Java v2.
    pub const JAVA: Self = Self(4);
    /// The AWS SDK for Go v2, hence Terraform.
    pub const GO: Self = Self(8);
    /// The AWS SDK for JavaScript v3.
    pub const JS: Self = Self(16);
    /// Everybody.
    pub const ALL: Self = Self(31);
    /// Every family by itself.
    pub const EACH: [Self; 5] = [Self::BOTOCORE, Self::RUST, Self::JAVA, Self::GO, Self::JS];

    /// Those in either set.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those of this set that are not in the other.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Whether every member of `others` is in this set.
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// How many families are in it.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether nobody is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn when(self, condition: bool) -> Self {
        if condition { self } else { Self::NONE }
    }
}

impl fmt::Display for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::BOTOCORE, "the AWS CLI and boto3"),
            (Self::RUST, "the SDK for Rust"),
            (Self::JAVA, "the SDK for Java"),
            (Self::GO, "the SDK for Go"),
            (Self::JS, "the SDK for JavaScript"),
        ];
        if self.is_empty() {
            return f.write_str("nobody");
        }
        if *self == Self::ALL {
            return f.write_str("every AWS SDK");
        }
        let members: Vec<&str> =
            names.iter().filter(|(one, _)| self.contains(*one)).map(|(_, name)| *name).collect();
        match members.as_slice() {
            [first @ .., last] if !first.is_empty() => write!(f, "{} and {last}", first.join(", ")),
            _ => f.write_str(&members.join("")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_says_its_members() {
        assert_eq!(Readers::NONE.to_string(), "nobody");
        assert_eq!(Readers::GO.to_string(), "the SDK for Go");
        let two = Readers::BOTOCORE.and(Readers::JS);
        assert_eq!(two.to_string(), "the AWS CLI and boto3 and the SDK for JavaScript");
        assert_eq!(Readers::ALL.without(two).and(two).to_string(), "every AWS SDK");
    }
}
