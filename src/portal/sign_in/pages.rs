//! Our own pages.

use std::sync::LazyLock;

use minijinja::value::Value;
use minijinja::{Environment, HtmlEscape, UndefinedBehavior, context};

use super::desk::Answer;
use crate::base::text::one_line;

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    /// What was decided.
    Answer(Answer),
    /// A visitor without an answer of the portal.
    Waiting,
    /// The answer came from another site than the portal.
    WrongPortal {
        /// That site.
        origin: String,
    },
    /// What came is no token.
    Unreadable,
    /// Too much at once, or nobody decides.
    Busy,
    /// Nobody answered where somebody had to.
    Broken,
    /// A page that is not kept any more.
    Gone,
}

/// What every page may speak of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The portal's name.
    pub(super) portal: &'a str,
    /// The portal's page to sign in on.
    pub(super) link: &'a str,
}

/// A page as a browser reads it. Its style is let through by `nonce`, which is new each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Html {
    pub(super) text: String,
    pub(super) nonce: String,
}

/// Names are longer only to hide something.
const LONGEST_NAME: usize = 120;
const LONGEST_REASON: usize = 400;

impl Page {
    /// Writes the page out. `nonce` consists of letters and digits.
    pub(super) fn html(&self, place: &Place<'_>, nonce: String) -> Html {
        let name = |text: &str| one_line(text, LONGEST_NAME);
        let (file, own) = match self {
            Self::Answer(Answer::SignedIn { person }) => ("done.html", context! { person => name(person) }),
            Self::Answer(Answer::Confirm { person, before, value }) => (
                "confirm.html",
                context! { person => name(person), before => before.as_deref().map(name), value },
            ),
            Self::Answer(Answer::ConfirmStop { value }) => ("stop.html", context! { value }),
            Self::Answer(Answer::Stopped) => ("cancelled.html", context! {}),
            Self::Answer(Answer::TokenRefused { reason }) => {
                ("refused.html", context! { reason => one_line(reason, LONGEST_REASON) })
            }
            Self::Answer(Answer::CodeRefused { reason }) => {
                ("wrong_code.html", context! { reason => one_line(reason, LONGEST_REASON) })
            }
            Self::Answer(Answer::Unable { reason }) => {
                ("unable.html", context! { reason => one_line(reason, LONGEST_REASON) })
            }
            Self::Answer(Answer::Over { person }) => {
                ("over.html", context! { person => person.as_deref().map(name) })
            }
            Self::Waiting => ("waiting.html", context! {}),
            Self::WrongPortal { origin } => ("wrong_portal.html", context! { origin => name(origin) }),
            Self::Unreadable => ("unreadable.html", context! {}),
            Self::Busy => ("busy.html", context! {}),
            Self::Broken => ("broken.html", context! {}),
            Self::Gone => ("gone.html", context! {}),
        };
        let page = context! { portal => place.portal, link => place.link, nonce => &nonce, ..own };
        let text = TEMPLATES
            .get_template(file)
            .and_then(|template| template.render(page))
            .expect("the templates are ours, and a test fills each of them in");
        Html { text, nonce }
    }
}

/// Everything filled into a file called `.html` is escaped.
static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.add_filter("breakable", breakable);
    for (name, text) in FILES {
        templates.add_template(name, text).expect("the templates are ours, and a test fills each of them in");
    }
    templates
});

/// A name, escaped. It stays on one line where it fits, and is broken where its parts begin where it does not.
fn breakable(name: &str) -> Value {
    let html = HtmlEscape(name).to_string();
    let html = html.replace('@', "<wbr>@").replace('.', "<wbr>.");
    Value::from_safe_string(format!("<span class=\"name\">{html}</span>"))
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../templates/sign_in/", $name)))),*]
    };
}

const FILES: [(&str, &str); 16] = files![
    "layout.html",
    "style.css",
    "done.html",
    "confirm.html",
    "stop.html",
    "cancelled.html",
    "refused.html",
    "unable.html",
    "over.html",
    "waiting.html",
    "wrong_code.html",
    "wrong_portal.html",
    "unreadable.html",
    "busy.html",
    "broken.html",
    "gone.html",
];

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "<script>alert(1)</script>\"'&\u{202e}\u{0}\n{{ link }}";

    /// Every page, with hostile text wherever text is filled in.
    fn pages() -> Vec<Page> {
        let text = || HOSTILE.to_owned();
        let mut pages: Vec<Page> = [
            Answer::SignedIn { person: text() },
            Answer::Confirm { person: text(), before: None, value: "0a1b".to_owned() },
            Answer::Confirm { person: text(), before: Some(text()), value: "0a1b".to_owned() },
            Answer::ConfirmStop { value: "0a1b".to_owned() },
            Answer::Stopped,
            Answer::TokenRefused { reason: text() },
            Answer::CodeRefused { reason: text() },
            Answer::Unable { reason: text() },
            Answer::Over { person: None },
            Answer::Over { person: Some(text()) },
        ]
        .map(Page::Answer)
        .into();
        pages.extend([
            Page::Waiting,
            Page::WrongPortal { origin: text() },
            Page::Unreadable,
            Page::Busy,
            Page::Broken,
            Page::Gone,
        ]);
        pages
    }

    fn html(page: &Page) -> String {
        let place = Place { portal: "acme.duplocloud.net", link: "https://acme.duplocloud.net/app?a=1&b=2" };
        page.html(&place, "0123".to_owned()).text
    }

    #[test]
    fn every_page_is_whole_and_needs_nothing_from_outside() {
        for page in pages() {
            let html = html(&page);
            assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">"), "{page:?}: {html}");
            assert_eq!(html.matches("<h1>").count(), 1, "{page:?}");
            assert!(html.contains("<style nonce=\"0123\">:root"), "{page:?}");
            assert!(html.contains(" · jitpass</title>") && !html.contains("<title> ·"), "{page:?}");
            for outside in ["<script", " src=", "style=", "url(", "@import", "onclick", "javascript:"] {
                assert!(!html.contains(outside), "{outside} in {page:?}: {html}");
            }
        }
    }

    #[test]
    fn what_others_wrote_is_text() {
        for page in pages() {
            let html = html(&page);
            let written = html.matches("&lt;script&gt;alert(1)").count();
            let expected = format!("{page:?}").matches("alert(1)").count();
            assert!(written >= expected, "{page:?}: {html}");
            assert!(!html.contains('\u{202e}') && !html.contains('\0'), "{page:?}: {html}");
            assert!(!html.contains("a=1&b=2"), "{page:?}: {html}");
        }
    }

    #[test]
    fn only_questions_have_a_button_and_it_carries_the_value() {
        for page in pages() {
            let html = html(&page);
            let is_question =
                matches!(page, Page::Answer(Answer::Confirm { .. } | Answer::ConfirmStop { .. }));
            assert_eq!(html.matches("<button").count(), usize::from(is_question), "{page:?}");
            assert_eq!(
                html.matches("<form method=\"post\" action=\"/press\">").count(),
                usize::from(is_question)
            );
        }
        let value = "0a1b".to_owned();
        let html = html(&Page::Answer(Answer::ConfirmStop { value }));
        assert!(html.contains("<input type=\"hidden\" name=\"value\" value=\"0a1b\">"), "{html}");
    }

    #[test]
    fn long_names_are_broken_at_their_parts_and_clipped() {
        assert!(html(&Page::Waiting).contains("acme<wbr>.duplocloud<wbr>.net"));
        let html = html(&Page::Answer(Answer::SignedIn { person: "x".repeat(5000) }));
        assert!(html.contains(&format!("{}…<", "x".repeat(LONGEST_NAME))), "{html}");
    }
}
