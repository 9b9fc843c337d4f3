//! Our own pages.

use std::sync::LazyLock;

use minijinja::{Environment, UndefinedBehavior, context};

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
    for (name, text) in FILES {
        templates.add_template(name, text).expect("the templates are ours, and a test fills each of them in");
    }
    templates
});

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../templates/sign_in/", $name)))),*]
    };
}

const FILES: [(&str, &str); 15] = files![
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
    "wrong_portal.html",
    "unreadable.html",
    "busy.html",
    "broken.html",
    "gone.html",
];
