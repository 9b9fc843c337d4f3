//! The users of a kubeconfig whose credentials a predecessor gets.

use crate::plan::predecessor::yaml::{self, Node};
use crate::plan::predecessor::{ContextsError, Tool};

/// A user of a kubeconfig that calls one of the tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeUser {
    /// Its name.
    pub name: String,
    /// The tool.
    pub tool: Tool,
    /// Whether a token lies open among the arguments.
    pub shows_token: bool,
}

/// Finds the users of a kubeconfig that call a predecessor.
pub fn kube_users(bytes: &[u8]) -> Result<Vec<KubeUser>, ContextsError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ContextsError::Text)?;
    let Some(root) = yaml::read(text)? else { return Ok(Vec::new()) };
    let users = root.get("users").map(Node::list).unwrap_or_default();
    Ok(users.iter().filter_map(|user| kube_user(user)).collect())
}

fn kube_user(node: &Node) -> Option<KubeUser> {
    let exec = node.get("user")?.get("exec")?;
    let mut words = vec![exec.get("command")?.text()?];
    words.extend(exec.get("args").map(Node::list).unwrap_or_default().iter().filter_map(|arg| arg.text()));
    let tool = Tool::of_program(words[0]).or_else(|| words.iter().find_map(|word| Tool::mentioned(word)))?;
    let is_token = |flag: &str| {
        let name = flag.trim_start_matches('-').split('=').next().unwrap_or_default();
        flag.starts_with('-') && (name == "token" || name == "t")
    };
    Some(KubeUser {
        name: node.get("name").and_then(Node::text).unwrap_or_default().to_owned(),
        tool,
        shows_token: words.iter().any(|word| is_token(word)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_the_tools_are_found() {
        let file = b"apiVersion: v1\nkind: Config\nusers:\n- name: test04-nonprod\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      command: duplo-jit\n      args: [k8s, --plan, nonprod, --host, https://test04.duplocloud.net/, --interactive]\n- name: open\n  user:\n    exec: {command: /opt/bin/duploctl, args: [jit, k8s, --token, SIMTOKEN-1]}\n- name: wrapped\n  user: {exec: {command: sh, args: [-c, 'duplo-jit k8s --tenant t']}}\n- name: other\n  user: {token: SIMTOKEN-2}\n- name: eks\n  user: {exec: {command: aws, args: [eks, get-token]}}\n";
        let users = kube_users(file).unwrap();
        let found: Vec<_> = users.iter().map(|u| (u.name.as_str(), u.tool, u.shows_token)).collect();
        assert_eq!(
            found,
            [
                ("test04-nonprod", Tool::DuploJit, false),
                ("open", Tool::Duploctl, true),
                ("wrapped", Tool::DuploJit, false),
            ]
        );
        assert_eq!(kube_users(b""), Ok(vec![]));
        assert!(kube_users(b"users: [").is_err());
    }
}
