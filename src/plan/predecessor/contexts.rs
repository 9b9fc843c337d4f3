//! The configuration of duploctl: its contexts, each a portal with what goes with it.

use std::rc::Rc;

use crate::base::Secret;
use crate::plan::predecessor::yaml::{self, Node, YamlError};

/// A context, literally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Its name.
    pub name: String,
    /// Its portal.
    pub host: Option<String>,
    /// A token, lying open.
    pub token: Option<Secret>,
    /// Its tenant.
    pub tenant: Option<String>,
    /// Whether somebody may be asked to sign in.
    pub interactive: bool,
    /// Whether administrators' credentials are wanted.
    pub admin: bool,
    /// Whether its cache is to be left out.
    pub no_cache: bool,
}

/// Why a configuration cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContextsError {
    /// Not UTF-8.
    #[error("it is not UTF-8 text")]
    Text,
    /// Not YAML.
    #[error(transparent)]
    Yaml(#[from] YamlError),
}

/// All contexts, and which one is used where none is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contexts {
    /// `current-context`.
    pub current: Option<String>,
    /// In the order of the file.
    pub all: Vec<Context>,
}

impl Contexts {
    /// Reads `~/.duplo/config`.
    pub fn parse(bytes: &[u8]) -> Result<Self, ContextsError> {
        let text = std::str::from_utf8(bytes).map_err(|_| ContextsError::Text)?;
        let Some(root) = yaml::read(text)? else { return Ok(Self::default()) };
        let all = root.get("contexts").map(Node::list).unwrap_or_default();
        Ok(Self { current: text_of(&root, "current-context"), all: all.iter().filter_map(context).collect() })
    }

    /// The first context of this name, or the current one.
    pub fn find(&self, name: Option<&str>) -> Option<&Context> {
        let name = name.or(self.current.as_deref())?;
        self.all.iter().find(|context| context.name == name)
    }
}

fn context(node: &Rc<Node>) -> Option<Context> {
    let is_true = |key| node.get(key).is_some_and(Node::is_true);
    Some(Context {
        name: text_of(node, "name")?,
        host: text_of(node, "host"),
        token: text_of(node, "token").map(Secret::new),
        tenant: text_of(node, "tenant").map(|tenant| tenant.to_lowercase()),
        interactive: is_true("interactive"),
        admin: is_true("admin"),
        no_cache: is_true("nocache"),
    })
}

fn text_of(node: &Node, key: &str) -> Option<String> {
    let text = node.get(key)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_as_duploctl_reads_them() {
        let contexts = Contexts::parse(
            b"current-context: two\ncontexts:\n- name: one\n  host: https://one.net\n  token: SIMTOKEN-1\n  tenant: Dev01\n- &two\n  name: two\n  host: https://two.net/\n  interactive: yes\n  admin: true\n  nocache: false\n- <<: *two\n  name: three\n- just a text\n- name: ~\n",
        )
        .unwrap();
        let names: Vec<&str> = contexts.all.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["one", "two", "three"]);
        let one = contexts.find(Some("one")).unwrap();
        assert_eq!(one.token.as_ref().unwrap().expose(), "SIMTOKEN-1");
        assert_eq!((one.tenant.as_deref(), one.interactive, one.admin), (Some("dev01"), false, false));
        let two = contexts.find(None).unwrap();
        assert_eq!((two.host.as_deref(), two.interactive, two.admin), (Some("https://two.net/"), true, true));
        assert_eq!(contexts.find(Some("three")).unwrap().host, two.host);
        assert!(contexts.find(Some("four")).is_none());
        assert!(!format!("{contexts:?}").contains("SIMTOKEN"));
    }

    #[test]
    fn what_is_no_configuration_has_no_contexts() {
        for text in ["", "contexts:\n", "contexts: {a: b}\n", "- x\n", "hello", "contexts: 5\n"] {
            assert_eq!(Contexts::parse(text.as_bytes()).unwrap().all, [], "{text}");
        }
        assert_eq!(Contexts::parse(b"\xff"), Err(ContextsError::Text));
        assert!(Contexts::parse(b"a: [").is_err());
    }
}
