//! Another scope in a command that is there: its program and its other flags stay.

use crate::awsconfig::{Value, command};
use crate::base::Scope;
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::status::ReadArguments;
use crate::plan::scope_arguments;

/// Flags that name a scope and take no value.
const SCOPES: [&str; 2] = ["--admin", "--duplo-ops"];

/// The flag that names a tenant, which takes a value.
const TENANT: &str = "--tenant";

/// Flags that take a value, which may look like a flag.
const VALUED: [&str; 5] = ["--host", "--api-host", "--token", "--port", "--region"];

/// Every flag of `jitpass aws`, and those of every command.
pub(super) const FLAGS: [&str; 12] = [
    "--host",
    "--api-host",
    "--tenant",
    "--admin",
    "--duplo-ops",
    "--interactive",
    "--token",
    "--no-cache",
    "--port",
    "--region",
    "--debug",
    "--help",
];

/// The same command for another scope.
///
/// # Errors
/// When the command does not mean the same afterwards, but for its scope.
pub(super) fn with_scope(
    value: &str,
    request: &Request,
    scope: &Scope,
    read: ReadArguments<'_>,
) -> Result<Value, Failure> {
    let unclear = || {
        Failure::new("the command of this profile is not clear enough to be changed")
            .hint("write it anew: jitpass profile edit --editor")
    };
    let argv = command::arguments(value).map_err(|error| Failure::of(&error))?;
    let (program, args) = argv.split_first().ok_or_else(unclear)?;
    let rewritten = rewrite(args, scope);
    let args: Vec<&str> = rewritten.iter().map(String::as_str).collect();
    let value = command::build(program, &args).map_err(|error| Failure::of(&error))?;
    let again = command::arguments(value.as_str()).ok().and_then(|argv| read(&argv)).ok_or_else(unclear)?;
    let is_same = again.scope.key() == scope.key()
        && again.portal == request.portal
        && again.region == request.region
        && again.no_cache == request.no_cache
        && again.sign_in == request.sign_in
        && again.token == request.token;
    if is_same { Ok(value) } else { Err(unclear()) }
}

/// The new scope where the first one was named; nothing of the others.
fn rewrite(args: &[String], scope: &Scope) -> Vec<String> {
    let mut new = Vec::with_capacity(args.len());
    let mut place = None;
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let is_tenant = arg == TENANT;
        if is_tenant || SCOPES.contains(&arg.as_str()) || arg.starts_with("--tenant=") {
            place.get_or_insert(new.len());
            if is_tenant {
                rest.next();
            }
            continue;
        }
        new.push(arg.clone());
        if VALUED.contains(&arg.as_str()) {
            new.extend(rest.next().cloned());
        }
    }
    let place = place.unwrap_or(new.len());
    new.splice(place..place, scope_arguments(scope));
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scope_is_another() {
        let dev: Scope = Scope::Tenant("Dev01".parse().unwrap());
        for (before, scope, after) in [
            ("aws --host h --tenant a --interactive", &Scope::Admin, "aws --host h --admin --interactive"),
            ("aws --admin --host h", &dev, "aws --tenant dev01 --host h"),
            ("aws --tenant=a --admin --host h --duplo-ops", &dev, "aws --tenant dev01 --host h"),
            (
                "aws --region --admin --host --tenant x",
                &dev,
                "aws --region --admin --host --tenant x --tenant dev01",
            ),
            ("aws", &Scope::DuploOps, "aws --duplo-ops"),
        ] {
            let args: Vec<String> = before.split(' ').map(str::to_owned).collect();
            assert_eq!(rewrite(&args, scope).join(" "), after, "{before}");
        }
    }
}
