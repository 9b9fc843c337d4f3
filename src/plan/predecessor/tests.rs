//! One row for each command line that was ever seen, numbered as in the survey of them, and then the odd ones.

use super::*;

const UUID: &str = "3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c";

/// What became of a reading, in a line.
fn shown(reading: &Reading) -> String {
    let contexts = Contexts::parse(
        b"current-context: portal-admin\ncontexts:\n- {name: portal-admin, host: https://C, interactive: true, admin: true}\n- {name: dev, host: https://D/x, token: SIMTOKEN-ctx, tenant: Dev01}\n",
    )
    .unwrap();
    let call = match reading {
        Reading::Other => return "other".to_owned(),
        Reading::Unclear(tool, why) => return format!("{tool} unclear: {why}"),
        Reading::Call(call) => call,
    };
    let context = call.needs_context().then(|| contexts.find(call.context.as_deref())).flatten();
    let meaning = match call.meaning(context) {
        Ok(meaning) => meaning,
        Err(why) => return format!("{} unclear: {why}", call.tool),
    };
    let mut parts = vec![format!("{} {}", meaning.tool, meaning.portal)];
    parts.extend(meaning.portal.api_host.map(|api_host| format!("api {api_host}")));
    let mut said = vec![parts.join(" "), meaning.scope.to_string()];
    if let Some(region) = &meaning.region {
        said[1] = format!("{} in {region}", meaning.scope);
    }
    said.extend(meaning.interactive.then(|| "interactive".to_owned()));
    match &meaning.token {
        PredecessorToken::None => {}
        PredecessorToken::Clear(token) => said.push(format!("token {}", token.expose())),
        PredecessorToken::Variable => said.push("DUPLO_TOKEN".to_owned()),
    }
    said.extend(meaning.port.map(|port| format!("port {port}")));
    said.extend(meaning.dropped.iter().map(|dropped| format!("without {dropped:?}")));
    said.join(", ")
}

fn read(value: &str) -> String {
    shown(&Reading::of_value(value))
}

#[track_caller]
fn check(table: &[(u32, &str, &str)]) {
    for (number, value, expected) in table {
        assert_eq!(read(value), *expected, "{number}: {value}");
    }
}

#[test]
fn those_that_stand_in_a_config_file() {
    let (by_id, by_tenant_id) = (
        format!("duplo-jit aws --tenant {UUID} --host https://x"),
        format!("duploctl jit aws --host https://x --tenant-id {UUID} --interactive"),
    );
    let (id_read, tenant_id_read) = (
        format!("duplo-jit https://x, tenant {UUID}"),
        format!("duploctl https://x, tenant {UUID}, interactive, DUPLO_TOKEN"),
    );
    check(&[
        (
            1,
            "duplo-jit aws --admin --host https://x --interactive",
            "duplo-jit https://x, admin, interactive",
        ),
        (
            2,
            "duplo-jit aws --tenant t --host https://x --interactive",
            "duplo-jit https://x, tenant t, interactive",
        ),
        (
            3,
            "duplo-jit aws -tenant devab01 --host https://test04.duplocloud.net --interactive",
            "duplo-jit https://test04.duplocloud.net, tenant devab01, interactive",
        ),
        (
            4,
            "duplo-jit aws --admin --host https://x --token SIMTOKEN-1",
            "duplo-jit https://x, admin, token SIMTOKEN-1",
        ),
        (
            5,
            "duplo-jit aws --tenant=t --host https://x --token SIMTOKEN-1",
            "duplo-jit https://x, tenant t, token SIMTOKEN-1",
        ),
        (
            6,
            "duplo-jit aws --no-cache --tenant=\"t\" --host \"https://x\" --interactive",
            "duplo-jit https://x, tenant t, interactive, without NoCache",
        ),
        (
            8,
            "duplo-jit aws --duplo-ops --host https://x --interactive",
            "duplo-jit https://x, duplo-ops, interactive",
        ),
        (
            9,
            "duplo-jit aws --admin --host https://x --interactive --port 53611",
            "duplo-jit https://x, admin, interactive, port 53611",
        ),
        (
            10,
            "duplo-jit aws --admin --host http://localhost:4200 --api-host https://x",
            "duplo-jit http://localhost:4200 api https://x, admin",
        ),
        (11, &by_id, &id_read),
        (
            16,
            "duplo-aws-credential-process --admin --host https://x --interactive",
            "duplo-aws-credential-process https://x, admin, interactive",
        ),
        (
            17,
            "duplo-aws-credential-process --tenant t --host https://x --interactive",
            "duplo-aws-credential-process https://x, tenant t, interactive",
        ),
        (
            18,
            "duplo-aws-credential-process --admin --host https://x --token SIMTOKEN-1",
            "duplo-aws-credential-process https://x, admin, token SIMTOKEN-1",
        ),
        (
            19,
            "duplo-aws-credential-process --duplo-ops --host https://x --interactive --no-cache --debug",
            "duplo-aws-credential-process https://x, duplo-ops, interactive, without NoCache, without Diagnostics",
        ),
        (
            20,
            "duploctl jit aws --host https://x --admin --interactive",
            "duploctl https://x, admin, interactive, DUPLO_TOKEN",
        ),
        (
            21,
            "duploctl jit aws --host https://x --interactive --admin",
            "duploctl https://x, admin, interactive, DUPLO_TOKEN",
        ),
        (
            22,
            "duploctl jit aws --host https://x --admin --token SIMTOKEN-1",
            "duploctl https://x, admin, token SIMTOKEN-1",
        ),
        (
            23,
            "duploctl jit aws --host https://x --tenant t --token SIMTOKEN-1",
            "duploctl https://x, tenant t, token SIMTOKEN-1",
        ),
        (
            23,
            "duploctl jit aws --host https://x --tenant t --interactive",
            "duploctl https://x, tenant t, interactive, DUPLO_TOKEN",
        ),
        (24, &by_tenant_id, &tenant_id_read),
        (
            25,
            "duploctl jit aws --host https://yourportal --admin",
            "duploctl https://yourportal, admin, DUPLO_TOKEN",
        ),
        (26, "duploctl --ctx portal-admin jit aws", "duploctl https://c, admin, interactive"),
        (26, "duploctl jit aws --ctx dev", "duploctl https://d, tenant dev01, token SIMTOKEN-ctx"),
        (26, "duploctl jit aws", "duploctl https://c, admin, interactive"),
        (
            27,
            "sh -c \"duploctl jit aws --admin --host https://x --interactive -o json | jq '{Version:1,AccessKeyId,SecretAccessKey,SessionToken,Expiration}'\"",
            "duploctl https://x, admin, interactive, DUPLO_TOKEN, without Reshaping",
        ),
        (
            34,
            "/opt/homebrew/bin/duplo-jit aws --admin --host https://x --interactive",
            "duplo-jit https://x, admin, interactive",
        ),
        (
            34,
            r"C:\Tools\duplo-jit.exe aws --admin --host https://x --interactive",
            "duplo-jit https://x, admin, interactive",
        ),
        (
            34,
            r#""C:\Program Files\Duplo Cloud\duplo-jit.exe" aws --admin --host https://x"#,
            "duplo-jit https://x, admin",
        ),
        (34, "/mnt/c/tools/DUPLO-JIT.EXE aws --admin --host https://x", "duplo-jit https://x, admin"),
        (
            34,
            "~/.local/bin/duploctl jit aws --host https://x --admin -I",
            "duploctl https://x, admin, interactive, DUPLO_TOKEN",
        ),
        (
            34,
            "uvx --from duplocloud-client duploctl jit aws --host https://x --admin -I",
            "duploctl https://x, admin, interactive, DUPLO_TOKEN",
        ),
        (34, "uvx duploctl@0.4.5 jit aws --host https://x --admin", "duploctl https://x, admin, DUPLO_TOKEN"),
        (
            34,
            "/usr/bin/pipx run --spec duplocloud-client==0.4.5 duploctl jit aws --host https://x --admin",
            "duploctl https://x, admin, DUPLO_TOKEN",
        ),
        (
            34,
            "uv tool run --from duplocloud-client duploctl jit aws -H https://x --admin",
            "duploctl https://x, admin, DUPLO_TOKEN",
        ),
    ]);
}

/// Shell functions, pipes to a clipboard, kubeconfigs and CI: none of them is a credential process, and one that was
/// written as such never worked.
#[test]
fn those_that_do_not_stand_in_a_config_file() {
    check(&[
        // A shell function: `$1` is its argument, and what comes out goes to the clipboard.
        (
            7,
            "duplo-jit aws --admin --no-cache --host \"https://$1.duplocloud.net\" --interactive | jq -r .ConsoleUrl | pbcopy",
            "duplo-jit unclear: its output goes to `jq`, and what comes out is no credential",
        ),
        // Prints a token, for a script.
        (
            12,
            "duplo-jit duplo --host https://x --interactive | jq -r .DuploToken",
            "duplo-jit unclear: its output goes to `jq`, and what comes out is no credential",
        ),
        (
            12,
            "duplo-jit duplo --host https://x --interactive",
            "duplo-jit unclear: `duplo-jit duplo` gives no AWS credentials",
        ),
        // Kubernetes: a kubeconfig holds them, and `kube_users` finds them there.
        (
            13,
            "duplo-jit k8s --plan nonprod --host https://test04.duplocloud.net/ --interactive",
            "duplo-jit unclear: `duplo-jit k8s` gives no AWS credentials",
        ),
        (
            14,
            "duplo-jit k8s --tenant t --host https://x --interactive",
            "duplo-jit unclear: `duplo-jit k8s` gives no AWS credentials",
        ),
        (
            15,
            "duplo-jit k8s --host https://x --plan p --interactive | jq -r .status.token",
            "duplo-jit unclear: its output goes to `jq`, and what comes out is no credential",
        ),
        // Prints variables for `eval`.
        (
            28,
            "duploctl jit aws -o env -q '{AWS_ACCESS_KEY_ID: AccessKeyId}'",
            "duploctl unclear: with `-o env` its output is nothing that AWS programs read",
        ),
        (
            29,
            "duploctl jit k8s --plan p --host https://x --tenant t --admin --interactive",
            "duploctl unclear: `duploctl jit k8s` gives no AWS credentials",
        ),
        (
            30,
            "duploctl jit k8s --tenant t --host https://x",
            "duploctl unclear: `duploctl jit k8s` gives no AWS credentials",
        ),
        // Writes a file.
        (
            31,
            "duploctl jit update_aws_config name --admin --interactive",
            "duploctl unclear: `duploctl jit update_aws_config` gives no AWS credentials",
        ),
        (
            31,
            "duploctl jit update_kubeconfig --plan p --host https://x --token SIMTOKEN-1",
            "duploctl unclear: `duploctl jit update_kubeconfig` gives no AWS credentials",
        ),
        // Opens a browser; `aws jit` is an alias of the AWS CLI, which no file of this kind holds.
        (
            32,
            "duploctl jit web --browser chrome",
            "duploctl unclear: `duploctl jit web` gives no AWS credentials",
        ),
        (32, "aws jit", "other"),
        (33, "duploctl jit token", "duploctl unclear: `duploctl jit token` gives no AWS credentials"),
        (33, "duploctl jit gcp", "duploctl unclear: `duploctl jit gcp` gives no AWS credentials"),
        // A request by hand, in scripts of Terraform.
        (36, "curl -s https://x/adminproxy/GetJITAwsConsoleAccessUrl | jq .", "other"),
        // 37 are the inputs of a GitHub action: no command line at all.
        // Never existed.
        (
            38,
            "duplo-jit az --admin --host https://x",
            "duplo-jit unclear: `duplo-jit az` gives no AWS credentials",
        ),
    ]);
    // A Python list: of program and arguments, as a kubeconfig has them.
    let words =
        |list: &[&str]| shown(&Reading::of_words(&list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()));
    assert_eq!(
        words(&["duplo-jit", "aws", "--no-cache", "--tenant=t", "--host", "https://x", "--interactive"]),
        "duplo-jit https://x, tenant t, interactive, without NoCache",
        "35"
    );
}

#[test]
fn the_rules_of_go() {
    check(&[
        (0, "duplo-jit aws -admin=true -host=https://x -interactive=false", "duplo-jit https://x, admin"),
        (
            0,
            "duplo-jit aws --admin=F --tenant t --host https://x -interactive=T",
            "duplo-jit https://x, tenant t, interactive",
        ),
        // Precedence, and the last one counts.
        (
            0,
            "duplo-jit aws --tenant t --duplo-ops --admin --host https://y --host https://x/",
            "duplo-jit https://x, admin",
        ),
        (0, "duplo-jit aws --tenant t --duplo-ops --host https://x", "duplo-jit https://x, duplo-ops"),
        // A switch takes no word: `true` ends the flags.
        (
            0,
            "duplo-jit aws --admin true --host https://x",
            "duplo-jit unclear: nothing in it says which portal: the tool stops reading at the first word that is no flag",
        ),
        (0, "duplo-jit aws --host https://x --admin -- --interactive", "duplo-jit https://x, admin"),
        (
            0,
            "duplo-jit --host https://x aws --admin",
            "duplo-jit unclear: `duplo-jit` gives no AWS credentials",
        ),
        (
            0,
            "duplo-jit aws --host https://x --adm",
            "duplo-jit unclear: duplo-jit refuses it: there is no flag `-adm`",
        ),
        (
            0,
            "duplo-jit aws --admin --host",
            "duplo-jit unclear: duplo-jit refuses it: `-host` lacks its value",
        ),
        (
            0,
            "duplo-jit aws --admin=maybe --host https://x",
            "duplo-jit unclear: duplo-jit refuses it: `-admin` is neither true nor false",
        ),
        (0, "duplo-jit aws ---admin", "duplo-jit unclear: duplo-jit refuses it: it has a malformed flag"),
        // A value may look like a flag.
        (
            0,
            "duplo-jit aws --host https://x --tenant --admin",
            "duplo-jit unclear: `--admin` is not a tenant name: it must start with a letter or a digit",
        ),
        (
            0,
            "duplo-jit aws --host https://x",
            "duplo-jit unclear: nothing in it says which credentials: admin, duplo-ops or a tenant",
        ),
        (0, "duplo-jit aws --admin", "duplo-jit unclear: nothing in it says which portal"),
        (
            0,
            "duplo-jit aws --tenant 0123456789abcdef0123456789abcdef --host https://x",
            "duplo-jit unclear: it takes `0123456789abcdef0123456789abcdef` for the id of a tenant, and no id looks like that",
        ),
        (
            0,
            "duplo-aws-credential-process --host https://x --admin --port 1",
            "duplo-aws-credential-process unclear: duplo-aws-credential-process refuses it: there is no flag `-port`",
        ),
    ]);
}

#[test]
fn the_rules_of_argparse() {
    check(&[
        (
            0,
            "duploctl --host=https://x jit --adm aws --tok SIMTOKEN-1",
            "duploctl https://x, admin, token SIMTOKEN-1",
        ),
        (
            0,
            "duploctl -Hhttps://x -TDev01 -tSIMTOKEN-1 jit aws",
            "duploctl https://x, tenant Dev01, token SIMTOKEN-1",
        ),
        (
            0,
            "duploctl -H=https://x -IT dev01 jit aws",
            "duploctl https://x, tenant dev01, interactive, DUPLO_TOKEN",
        ),
        (
            0,
            "duploctl jit aws --isadmin --nocache --host https://x/app?x",
            "duploctl https://x, admin, DUPLO_TOKEN, without NoCache",
        ),
        (
            0,
            "duploctl jit aws --no --adm --host https://x",
            "duploctl https://x, admin, DUPLO_TOKEN, without NoCache",
        ),
        (
            0,
            "duploctl jit aws --ten t --host https://x",
            "duploctl unclear: duploctl refuses it: `--ten` may be several flags",
        ),
        (
            0,
            "duploctl jit aws --tenant-i x --host https://x",
            "duploctl unclear: it takes `x` for the id of a tenant, and no id looks like that",
        ),
        (
            0,
            "duploctl jit aws --admin=true --host https://x",
            "duploctl unclear: duploctl refuses it: `--admin` takes no value",
        ),
        (
            0,
            "duploctl jit aws --host --admin",
            "duploctl unclear: duploctl refuses it: `--host` lacks its value",
        ),
        (
            0,
            "duploctl jit aws --bogus --host https://x",
            "duploctl unclear: duploctl refuses it: there is no flag `--bogus`",
        ),
        (
            0,
            "duploctl jit aws extra --host https://x",
            "duploctl unclear: duploctl refuses it: there is a word too many",
        ),
        (0, "duploctl --host https://x --admin", "duploctl unclear: `duploctl` gives no AWS credentials"),
        (
            0,
            "duploctl jit aws --browser chrome --cache-dir /x --log-level DEBUG --host https://x --admin",
            "duploctl https://x, admin, DUPLO_TOKEN, without Browser, without OwnWays, without OwnWays",
        ),
        // A context takes the place of everything else.
        (
            0,
            "duploctl jit aws --ctx dev --host https://x --admin -t SIMTOKEN-1",
            "duploctl https://d, tenant dev01, token SIMTOKEN-ctx",
        ),
        (0, "duploctl jit aws --ctx gone", "duploctl unclear: nothing in it says which portal"),
        (0, "duploctl jit aws --tenant t", "duploctl https://c, admin, interactive"),
    ]);
}

#[test]
fn what_stands_around_it() {
    check(&[
        (
            0,
            "DUPLO_TOKEN=SIMTOKEN-1 duploctl jit aws --host https://x --admin",
            "duploctl https://x, admin, token SIMTOKEN-1",
        ),
        (
            0,
            "env DUPLO_HOST=https://x DUPLO_TOKEN='SIMTOKEN-1' duploctl jit aws --tenant t",
            "duploctl https://x, tenant t, token SIMTOKEN-1",
        ),
        // duplo-jit reads no variables.
        (0, "DUPLO_TOKEN=SIMTOKEN-1 duplo-jit aws --host https://x --admin", "duplo-jit https://x, admin"),
        (
            0,
            "sh -c 'DUPLO_TOKEN=SIMTOKEN-1; duplo-jit aws --host https://x --admin --token \"$DUPLO_TOKEN\"'",
            "duplo-jit https://x, admin, token SIMTOKEN-1",
        ),
        (
            0,
            "sh -c 'duplo-jit aws --host https://x --admin --token $DUPLO_TOKEN'",
            "duplo-jit https://x, admin, DUPLO_TOKEN",
        ),
        (
            0,
            "sh -c 'duplo-jit aws --host https://x --admin --token ${DUPLO_TOKEN:-}'",
            "duplo-jit https://x, admin, DUPLO_TOKEN",
        ),
        (
            0,
            "bash -lc 'export H=https://x && exec ~/bin/duplo-jit aws --host=$H --tenant dev01 2>/dev/null'",
            "duplo-jit https://x, tenant dev01",
        ),
        (0, "/bin/sh -c \"sh -c 'duplo-jit aws --admin --host https://x'\"", "duplo-jit https://x, admin"),
        (0, "zsh -i -c \"duplo-jit aws --admin --host https://x\"", "duplo-jit https://x, admin"),
        (
            0,
            "bash -o pipefail -c \"duplo-jit aws --admin --host https://x | jq .\"",
            "duplo-jit https://x, admin, without Reshaping",
        ),
        (
            0,
            "duplo-jit aws --admin --host https://x | jq '. + {Version: 1}'",
            "duplo-jit https://x, admin, without Reshaping",
        ),
        (0, "$HOME/bin/duplo-jit aws --admin --host https://x", "duplo-jit https://x, admin"),
        (0, "\"duplo-jit aws --admin --host https://x\"", "duplo-jit https://x, admin"),
        (0, "timeout -k 5 30 nice -n 5 duplo-jit aws --admin --host https://x", "duplo-jit https://x, admin"),
        (0, "cmd /c \"duplo-jit aws --admin --host https://x\"", "duplo-jit https://x, admin"),
        (0, "PATH=/opt/bin:$PATH duplo-jit aws --admin --host https://x", "duplo-jit https://x, admin"),
        (0, "(duplo-jit aws --admin --host https://x)", "duplo-jit https://x, admin"),
        (
            0,
            "jitpass aws --admin --host https://x --region us-east-1 --token SIMTOKEN-1",
            "jitpass https://x, admin in us-east-1, token SIMTOKEN-1",
        ),
    ]);
}

#[test]
fn what_is_not_guessed_at() {
    check(&[
        (
            0,
            "sh -c 'duplo-jit aws --admin --host $PORTAL'",
            "duplo-jit unclear: its `--host` comes from the variable PORTAL, which is not known here",
        ),
        (
            0,
            "sh -c 'duplo-jit aws --admin --host https://x --token $(op read op://a/b)'",
            "duplo-jit unclear: its token comes from a command; name that command as the portal's `token_command` in config.toml, and take the token out of this line",
        ),
        (
            0,
            "sh -c 'duplo-jit aws --admin --host `cat host`'",
            "duplo-jit unclear: its `--host` comes from another command",
        ),
        (
            0,
            "sh -c \"duplo-jit aws --admin --host $PORTAL\"",
            "duplo-jit unclear: its `--host` comes from the variable PORTAL, which is not known here",
        ),
        (
            0,
            "sh -c \"duplo-jit aws --admin --host https://x --token $(cat t)\"",
            "duplo-jit unclear: its token comes from a command; name that command as the portal's `token_command` in config.toml, and take the token out of this line",
        ),
        (
            0,
            "sh -c 'cd /x && duplo-jit aws --admin --host https://x'",
            "duplo-jit unclear: something starts it that jitpass does not know",
        ),
        (
            0,
            "sh -c 'duplo-jit aws --admin --host https://x; rm -rf x'",
            "duplo-jit unclear: it does more than start the tool: `rm`",
        ),
        (
            0,
            "sh -c 'duplo-jit aws --admin --host https://x || SECRET=SIMTOKEN-1 true'",
            "duplo-jit unclear: it does more than start the tool: `SECRET`",
        ),
        (
            0,
            "sh -c 'duplo-jit aws --admin --host https://x > f'",
            "duplo-jit unclear: it does more than start the tool: `>`",
        ),
        (
            0,
            "HTTPS_PROXY=http://p:1 duplo-jit aws --admin --host https://x",
            "duplo-jit unclear: it sets HTTPS_PROXY for the tool, which an entry in this file cannot; set it for the whole session instead",
        ),
        (
            0,
            "docker run --rm -e DUPLO_TOKEN duplocloud/duploctl jit aws --admin",
            "duploctl unclear: it runs in a container, with files of its own",
        ),
        (
            0,
            "/opt/wrap.sh duplo-jit aws --admin --host https://x",
            "duplo-jit unclear: something starts it that jitpass does not know",
        ),
        (0, "~/bin/with-duploctl.py", "other"),
        (0, "sh -c 'duplo-jit aws --admin", "duplo-jit unclear: a quote is not closed"),
        (
            0,
            "duplo-jit aws --admin\n--host https://x",
            "duplo-jit unclear: the command goes over several lines, and some readers see only the first",
        ),
        (0, "aws-vault export --format=json work", "other"),
        (0, "", "other"),
        (0, "/usr/local/bin/duplo-jitter aws", "other"),
    ]);
}

#[test]
fn hostile_addresses_and_tenants() {
    for host in [
        "https://a b",
        "https://x\u{1b}[2J",
        "https://x$(id)",
        "http://x",
        "https://u:p@x",
        "https://x:0",
        "x",
        "https://-admin",
    ] {
        let words = ["duplo-jit", "aws", "--admin", "--host", host].map(str::to_owned);
        let read = shown(&Reading::of_words(&words));
        assert!(read.starts_with("duplo-jit unclear: the portal's address"), "{host}: {read}");
    }
    for tenant in ["--admin", "a b", "x\u{1b}[2J", "a\nb", "$(id)", "..", "-x"] {
        let words = ["duplo-jit", "aws", "--host", "https://x", "--tenant", tenant].map(str::to_owned);
        let read = shown(&Reading::of_words(&words));
        assert!(
            read.starts_with("duplo-jit unclear: `") && !read.contains(['\u{1b}', '\n']),
            "{tenant}: {read}"
        );
    }
}

#[test]
fn long_lines_take_no_time_and_repeat_no_token() {
    let long = format!("duplo-jit aws --admin --host https://x --token {}", "SIMTOKEN-x".repeat(7_000));
    assert!(read(&long).starts_with("duplo-jit https://x, admin, token SIM"));
    let nested = format!("sh -c {}", "'sh -c \"".repeat(9_000));
    assert_eq!(Reading::of_value(&nested), Reading::Other);
    for line in [
        "duplo-jit aws --admin --host https://x --SIMTOKEN-1",
        "duplo-jit aws --admin --host https://x --tokn=SIMTOKEN-1",
        "duplo-jit SIMTOKEN-1",
        "duploctl jit SIMTOKEN-1",
        "duploctl jit aws -SIMTOKEN-1",
        "duplo-jit aws --admin --host https://x --port SIMTOKEN-1",
        "sh -c 'duplo-jit aws --admin --host https://x; T=SIMTOKEN-1'",
    ] {
        let reading = Reading::of_value(line);
        let (said, debug) = (shown(&reading), format!("{reading:?}"));
        assert!(
            said.contains(" unclear: ") && !said.contains("SIMTOKEN") && !debug.contains("SIMTOKEN"),
            "{said} {debug}"
        );
    }
    let clear = Reading::of_value("duplo-jit aws --admin --host https://x --token SIMTOKEN-1");
    assert!(!format!("{clear:?}").contains("SIMTOKEN"));
}

#[test]
fn entries_of_ours_ask_for_the_same() {
    let program = crate::plan::ProgramPath("/usr/local/bin/jitpass".to_owned());
    for value in [
        "duplo-jit aws --admin --host https://x --interactive",
        "duplo-jit aws --duplo-ops --host https://x",
        "duplo-jit aws --tenant t --host http://localhost:4200 --api-host https://x --interactive --port 53611",
        "duplo-jit aws --tenant 3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c --host https://x:8443",
        "jitpass aws --tenant t --host https://x --region eu-west-1",
    ] {
        let Reading::Call(call) = Reading::of_value(value) else { panic!("{value}") };
        let meaning = call.meaning(None).unwrap();
        let ours = entry_command(&program, &meaning, meaning.interactive).unwrap();
        let Reading::Call(again) = Reading::of_value(ours.as_str()) else { panic!("{}", ours.as_str()) };
        assert_eq!(again.meaning(None).unwrap(), Meaning { tool: Tool::Jitpass, ..meaning }, "{value}");
    }
}
