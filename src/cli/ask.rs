//! Asking people. Only where somebody can answer; Enter takes what is offered.

use inquire::ui::RenderConfig;
use inquire::{Confirm, InquireError, MultiSelect, Select, Text};

use super::say;
use crate::base::text;
use crate::ops::failure::{Failure, FailureKind};

/// Lines of a list on the screen at once.
const PAGE: usize = 12;

/// Asks for a line of text; `check` says what is wrong with it, and then it is asked for again. With a field that is
/// empty: what is pasted next would come after what was wrong.
pub(super) fn text(
    question: &str,
    offered: &str,
    help: &str,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<String, Failure> {
    loop {
        let mut prompt = Text::new(question).with_render_config(style());
        if !offered.is_empty() {
            prompt = prompt.with_default(offered);
        }
        if !help.is_empty() {
            prompt = prompt.with_help_message(help);
        }
        let typed = prompt.prompt().map_err(|e| unanswered(&e))?;
        match check(&typed) {
            Ok(()) => return Ok(typed.trim().to_owned()),
            Err(reason) => say::careful(text::Visible(&reason)),
        }
    }
}

/// Asks yes or no.
pub(super) fn confirm(question: &str, offered: bool) -> Result<bool, Failure> {
    Confirm::new(question)
        .with_default(offered)
        .with_render_config(style())
        .prompt()
        .map_err(|e| unanswered(&e))
}

/// Asks which of a list, all chosen at first; typing searches. Gives positions in the list.
pub(super) fn choose(question: &str, list: &[String], chosen: &[usize]) -> Result<Vec<usize>, Failure> {
    let many = |answers: &[inquire::list_option::ListOption<&String>]| match answers {
        [] => "none".to_owned(),
        few if few.len() <= 4 => few.iter().map(|a| first_word(a.value)).collect::<Vec<_>>().join(", "),
        many => format!("{} of {}", many.len(), list.len()),
    };
    let prompt = MultiSelect::new(question, list.iter().map(|row| cut(row)).collect())
        .with_default(chosen)
        .with_page_size(PAGE)
        .with_formatter(&many)
        .with_scorer(&|typed, _, row, _| score(typed, row))
        .with_help_message("type to search · space · → all · ← none · Enter")
        .with_render_config(style());
    let answers = prompt.raw_prompt().map_err(|e| unanswered(&e))?;
    Ok(answers.into_iter().map(|a| a.index).collect())
}

/// Asks for one of some answers; the first is offered.
pub(super) fn one_of<'a>(question: &str, answers: &[&'a str]) -> Result<&'a str, Failure> {
    Select::new(question, answers.to_vec())
        .with_page_size(PAGE)
        .with_render_config(style())
        .without_filtering()
        .prompt()
        .map_err(|e| unanswered(&e))
}

/// Asks which one of a list; typing searches. Gives its position in the list.
pub(super) fn one(question: &str, list: &[String], offered: usize) -> Result<usize, Failure> {
    let prompt = Select::new(question, list.to_vec())
        .with_starting_cursor(offered.min(list.len().saturating_sub(1)))
        .with_page_size(PAGE)
        .with_scorer(&|typed, _, row, _| score(typed, row))
        .with_help_message("type to search · ↑ ↓ · Enter")
        .with_render_config(style());
    prompt.raw_prompt().map(|answer| answer.index).map_err(|e| unanswered(&e))
}

/// How well a row fits what was typed: by its name alone, the very name first. A fuzzy search finds `prod10` and, by
/// its region, `dev01` for `1`.
fn score(typed: &str, row: &str) -> Option<i64> {
    let (typed, name) = (typed.trim().to_lowercase(), first_word(row).to_lowercase());
    match () {
        () if name == typed => Some(3),
        () if name.starts_with(&typed) => Some(2),
        () if name.contains(&typed) => Some(1),
        () => None,
    }
}

/// A row of a list in the width of the terminal, beside its mark: parted, it would look like two.
fn cut(row: &str) -> String {
    const MARK: usize = 8;
    match crossterm::terminal::size() {
        Ok((columns, _)) if columns > 0 => {
            crate::base::text::clip(row, usize::from(columns).saturating_sub(MARK).max(20))
        }
        _ => row.to_owned(),
    }
}

/// The name in a row that says more than the name.
fn first_word(row: &str) -> &str {
    row.split_whitespace().next().unwrap_or(row)
}

fn style() -> RenderConfig<'static> {
    match anstream::AutoStream::choice(&std::io::stderr()) {
        anstream::ColorChoice::Never => RenderConfig::empty(),
        _ => RenderConfig::default_colored(),
    }
}

fn unanswered(error: &InquireError) -> Failure {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            Failure { kind: FailureKind::Stopped, ..Failure::new("stopped; nothing was written") }
        }
        InquireError::NotTTY => {
            Failure::misuse("there is no terminal to ask at").hint("say it with flags; see --help")
        }
        other => Failure::new("the question could not be asked").because(other),
    }
}
