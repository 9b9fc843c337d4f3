//! A fresh link to the AWS console.
//!
//! 1. What a name means: a profile, a portal of the settings, or the first word of a portal's address. ([`meaning`])
//! 2. Where a person is no administrator, what else they may open there. ([`openings`])
//! 3. The link that the portal gave, led to the page that is wanted. ([`Link`])

mod code;
mod link;
mod meaning;
mod openings;

pub use code::with_code;
pub use link::{Link, Page, read_region, seconds_left};
pub use meaning::{Meaning, meaning};
pub use openings::{Opening, administrator, openings, profiles};
