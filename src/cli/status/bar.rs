//! The time a credential has left, drawn.

use anstyle::Style;

use crate::base::text;
use crate::cli::say::{BAD, CAREFUL, FAINT, GOOD, styled};
use crate::ops::status::Issued;

/// How many characters a bar has.
pub(super) const CELLS: usize = 10;

/// The most characters that a time has behind a bar: `11 h 59 min`.
pub(super) const TIME: usize = 11;

/// `██████░░░░ 34 min`, `░░░░░░░░░░ expired`, `░░░░░░░░░░ none yet`. The colour says nothing that the text does not:
/// yellow is for a credential that is about to be replaced.
pub(super) fn bar(issued: Option<&Issued>) -> String {
    let (tenths, said, style): (usize, String, Style) = match issued {
        None => (0, "none yet".to_owned(), FAINT),
        Some(Issued { left: 0, .. }) => (0, "expired".to_owned(), BAD),
        Some(issued) => {
            let style = if issued.is_fresh { GOOD } else { CAREFUL };
            (issued.tenths_left(), text::duration(issued.left), style)
        }
    };
    styled(style, format_args!("{}{} {said}", "█".repeat(tenths), "░".repeat(CELLS - tenths)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Timestamp;
    use crate::credential::Lifetime;

    #[test]
    fn time_as_it_is_drawn() {
        let start = Timestamp::from_seconds(1_000_000);
        let issued = |whole: i64, left, is_fresh| Issued {
            lifetime: Lifetime::new(start, start.plus(whole)),
            is_fresh,
            left,
        };
        let plain = |issued: Option<Issued>| {
            let drawn = bar(issued.as_ref());
            anstream::adapter::strip_str(&drawn).to_string()
        };
        assert_eq!(plain(None), "░░░░░░░░░░ none yet");
        assert_eq!(plain(Some(issued(3600, 0, false))), "░░░░░░░░░░ expired");
        assert_eq!(plain(Some(issued(3600, 2040, true))), "██████░░░░ 34 min");
        assert_eq!(plain(Some(issued(3600, 20, false))), "█░░░░░░░░░ 20 s");
        let longest = plain(Some(issued(43_200, 43_140, true)));
        assert_eq!(longest, "██████████ 11 h 59 min");
        assert_eq!(longest.chars().count(), CELLS + 1 + TIME);
        let styles = [true, false].map(|is_fresh| bar(Some(&issued(3600, 600, is_fresh))));
        assert_ne!(styles[0], styles[1]);
    }
}
