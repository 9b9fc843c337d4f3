//! Where things lie on this machine.
//!
//! Settings and state follow the XDG rules on every Unix, macOS included, because people look for a command-line
//! tool's settings there; the cache is where the system expects caches, so that its cleaners find it.

use std::path::PathBuf;

use crate::host::env::{Env, names};

/// The directory of the cache: `$XDG_CACHE_HOME/jitpass` or `~/.cache/jitpass`; `~/Library/Caches/jitpass` on
/// macOS; `%LOCALAPPDATA%\jitpass\cache` on Windows. `None` where there is no home.
pub fn cache(env: &Env) -> Option<PathBuf> {
    if cfg!(windows) {
        return local_app_data(env, "cache");
    }
    if cfg!(target_os = "macos") {
        return Some(home(env)?.join("Library").join("Caches").join("jitpass"));
    }
    xdg(env, "XDG_CACHE_HOME", ".cache")
}

/// The cache of duplo-jit: in the directory that Go takes for the person's caches.
pub fn duplo_jit_cache(env: &Env) -> Option<PathBuf> {
    let own = cache(env)?;
    let caches = if cfg!(windows) { own.parent()?.parent()? } else { own.parent()? };
    Some(caches.join("duplo-jit"))
}

/// The configuration of duploctl: `DUPLO_CONFIG`, else `config` in `DUPLO_HOME`, else `~/.duplo/config`.
pub fn duploctl_config(env: &Env) -> Option<PathBuf> {
    let given = env.var(names::DUPLO_CONFIG).map(PathBuf::from);
    let in_home = || env.var(names::DUPLO_HOME).map(|home| PathBuf::from(home).join("config"));
    given.or_else(in_home).or_else(|| Some(home(env)?.join(".duplo").join("config")))
}

/// The kubeconfigs: the files in `KUBECONFIG`, else `~/.kube/config`.
pub fn kubeconfigs(env: &Env) -> Vec<PathBuf> {
    match env.var(names::KUBECONFIG) {
        Some(list) => std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()).collect(),
        None => home(env).map(|home| home.join(".kube").join("config")).into_iter().collect(),
    }
}

/// The directory of `config.toml`: `$XDG_CONFIG_HOME/jitpass` or `~/.config/jitpass`; `%APPDATA%\jitpass` on
/// Windows.
pub fn config(env: &Env) -> Option<PathBuf> {
    if cfg!(windows) {
        return absolute(env, "APPDATA").map(|d| d.join("jitpass"));
    }
    xdg(env, "XDG_CONFIG_HOME", ".config")
}

/// The directory of what jitpass must remember (tokens without a keyring, the journal, locks):
/// `$XDG_STATE_HOME/jitpass` or `~/.local/state/jitpass`; `%LOCALAPPDATA%\jitpass\state` on Windows.
pub fn state(env: &Env) -> Option<PathBuf> {
    if cfg!(windows) { local_app_data(env, "state") } else { xdg(env, "XDG_STATE_HOME", ".local/state") }
}

/// The directory of what jitpass puts on the machine for other programs, the scripts of the shells:
/// `$XDG_DATA_HOME/jitpass` or `~/.local/share/jitpass`; `%LOCALAPPDATA%\jitpass\data` on Windows.
pub fn data(env: &Env) -> Option<PathBuf> {
    if cfg!(windows) { local_app_data(env, "data") } else { xdg(env, "XDG_DATA_HOME", ".local/share") }
}

/// The shared AWS config file: `$AWS_CONFIG_FILE` (a leading `~/` expanded, as most SDKs do; an empty value is no
/// value), else `~/.aws/config`.
pub fn aws_config_file(env: &Env) -> Option<PathBuf> {
    aws_file(env, names::AWS_CONFIG_FILE, "config")
}

/// The shared AWS credentials file, which jitpass reads and never writes.
pub fn aws_credentials_file(env: &Env) -> Option<PathBuf> {
    aws_file(env, names::AWS_SHARED_CREDENTIALS_FILE, "credentials")
}

/// The person's home directory: `HOME`, else what the system's user list says.
pub fn home(env: &Env) -> Option<PathBuf> {
    absolute(env, "HOME").or_else(std::env::home_dir).filter(|h| h.is_absolute())
}

/// A path as people write it: with `~` for their home.
pub fn tilde(env: &Env, path: &std::path::Path) -> String {
    let below =
        home(env).filter(|h| h.parent().is_some()).and_then(|h| path.strip_prefix(h).ok().map(PathBuf::from));
    match below {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

fn aws_file(env: &Env, variable: &str, name: &str) -> Option<PathBuf> {
    let Some(given) = env.var(variable) else {
        return Some(home(env)?.join(".aws").join(name));
    };
    let given = PathBuf::from(given);
    match given.strip_prefix("~") {
        Ok(rest) => Some(home(env)?.join(rest)),
        // What is remembered of the file must mean the same from every directory.
        Err(_) => std::path::absolute(given).ok(),
    }
}

/// Our directory in that of an XDG variable, else in the usual one below the home directory.
fn xdg(env: &Env, variable: &str, usual: &str) -> Option<PathBuf> {
    let base = absolute(env, variable).or_else(|| Some(home(env)?.join(usual)))?;
    Some(base.join("jitpass"))
}

/// A directory of ours where Windows keeps what belongs to one machine.
fn local_app_data(env: &Env, name: &str) -> Option<PathBuf> {
    Some(absolute(env, "LOCALAPPDATA")?.join("jitpass").join(name))
}

/// A directory variable; relative ones are ignored, as the XDG rules say.
fn absolute(env: &Env, name: &str) -> Option<PathBuf> {
    env.var(name).map(PathBuf::from).filter(|p| p.is_absolute())
}

#[cfg(test)]
#[cfg(all(unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn follows_the_xdg_rules() {
        let env = Env::of([("HOME", "/h")]);
        assert_eq!(cache(&env).unwrap(), PathBuf::from("/h/.cache/jitpass"));
        assert_eq!(config(&env).unwrap(), PathBuf::from("/h/.config/jitpass"));
        assert_eq!(state(&env).unwrap(), PathBuf::from("/h/.local/state/jitpass"));
        let env = Env::of([("HOME", "/h"), ("XDG_CACHE_HOME", "/c"), ("XDG_CONFIG_HOME", "relative")]);
        assert_eq!(cache(&env).unwrap(), PathBuf::from("/c/jitpass"));
        assert_eq!(config(&env).unwrap(), PathBuf::from("/h/.config/jitpass"));
    }

    #[test]
    fn finds_the_shared_config_file_as_most_sdks_do() {
        let file = |v: &str| aws_config_file(&Env::of([("HOME", "/h"), ("AWS_CONFIG_FILE", v)])).unwrap();
        assert_eq!(file(""), PathBuf::from("/h/.aws/config"));
        assert_eq!(file("~/x/config"), PathBuf::from("/h/x/config"));
        assert_eq!(file("/etc/aws"), PathBuf::from("/etc/aws"));
    }

    #[test]
    fn shows_home_as_a_tilde() {
        let env = Env::of([("HOME", "/h")]);
        assert_eq!(tilde(&env, "/h/.aws/config".as_ref()), "~/.aws/config");
        assert_eq!((tilde(&env, "/hh/x".as_ref()), tilde(&env, "/h".as_ref())), ("/hh/x".into(), "~".into()));
        assert_eq!(tilde(&Env::of([("HOME", "/")]), "/x".as_ref()), "/x");
    }
}
