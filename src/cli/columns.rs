//! Columns that fit a terminal.

/// The width of each column, given how wide it would be and what is its least: narrower than that it says nothing.
/// Those that come first matter most. 0 is for one that has no room; the first always gets what there is. Between two
/// columns are two blanks.
pub(super) fn fit<const N: usize>(columns: [(usize, usize); N], room: usize) -> [usize; N] {
    let mut left = room;
    let mut is_first = true;
    columns.map(|(natural, least)| {
        let gap = if is_first { 0 } else { GAP };
        let free = left.saturating_sub(gap);
        let width = if is_first || free >= natural.min(least) { natural.min(free) } else { 0 };
        is_first = false;
        if width > 0 {
            left -= width + gap.min(left - width);
        }
        width
    })
}

/// Blanks between two columns.
const GAP: usize = 2;

/// At most so many characters of a name. Names begin alike and differ at their ends, so it is the middle that goes.
pub(super) fn clipped(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let head = most.saturating_sub(1) / 3;
    let tail = most.saturating_sub(1) - head;
    let (head, tail) = (text.chars().take(head), text.chars().skip(length - tail));
    head.chain(['…']).chain(tail).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_most_has_room_first() {
        for (columns, room, widths) in [
            ([(10, 0), (20, 8)], 100, [10, 20]),
            ([(10, 0), (20, 8)], 25, [10, 13]),
            ([(10, 0), (20, 8)], 20, [10, 8]),
            ([(10, 0), (20, 8)], 19, [10, 0]),
            ([(10, 0), (4, 8)], 16, [10, 4]),
            ([(10, 0), (20, 8)], 5, [5, 0]),
            ([(10, 0), (20, 8)], 0, [0, 0]),
        ] {
            assert_eq!(fit(columns, room), widths, "{columns:?} in {room}");
        }
        assert_eq!(fit([(5, 0), (0, 3), (5, 5)], 12), [5, 0, 5]);
        assert_eq!(clipped("globex-production", 9), "gl…uction");
    }
}
