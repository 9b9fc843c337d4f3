//! Kubernetes access for tenants and plans (`K8ClusterConfig`).

use serde_json::{Value, json};

use super::dice;
use super::reply::Reply;
use super::scenario::RefreshTime;
use super::tenants::Tenant;
use super::users::UserKind;
use super::visit::Visit;
use crate::base::Timestamp;

/// Access to a tenant's namespace.
pub(super) fn tenant(visit: &mut Visit<'_>, _: UserKind, tenant: &Tenant) -> Reply {
    config(visit, &tenant.plan, &tenant.region, &tenant.role())
}

/// Access to a plan's whole cluster.
pub(super) fn plan(visit: &mut Visit<'_>, _: UserKind) -> Reply {
    match visit.state.tenants.plan(visit.parameter("plan")).cloned() {
        Some(plan) => config(visit, &plan.name, &plan.region, "kube-system"),
        None => Reply::message(404, "Plan not found."),
    }
}

/// How long a token lives: duplo-jit assumes 55 minutes where the portal does not say.
const LIFETIME: i64 = 3600;

fn config(visit: &Visit<'_>, plan: &str, region: &str, namespace: &str) -> Reply {
    let kubernetes = visit.scenario.kubernetes;
    if !kubernetes.enabled {
        return Reply::text(400, &format!("no kubernetes cluster for this plan {plan}"));
    }
    let expires = visit.now().plus(LIFETIME);
    let mut config = json!({
        "Name": format!("duploinfra-{plan}"),
        "ApiServer": format!("https://SIM{}.gr7.{region}.eks.amazonaws.com", plan.to_uppercase()),
        "Token": if kubernetes.jwt { jwt(namespace, expires) } else { opaque(visit, expires) },
        "K8Provider": 0,
        "AwsRegion": region,
        "K8sVersion": "1.31",
        "MajorK8sVersion": 1,
        "MinorK8sVersion": 31,
        "DefaultNamespace": namespace,
        "IsServerless": false,
    });
    match kubernetes.refresh_time {
        RefreshTime::Rfc3339 => config["LastTokenRefreshTime"] = json!(expires.to_string()),
        RefreshTime::Empty => config["LastTokenRefreshTime"] = json!(""),
        RefreshTime::Absent => {}
    }
    if kubernetes.authority {
        let pem = "-----BEGIN CERTIFICATE-----\nSIMULATED\n-----END CERTIFICATE-----\n";
        config["CertificateAuthorityDataBase64"] = json!(base64(pem.as_bytes(), true));
    }
    Reply::json(&config)
}

/// A service account's token with an end. Nobody verifies its signature.
fn jwt(namespace: &str, expires: Timestamp) -> String {
    let part = |value: Value| base64(value.to_string().as_bytes(), false);
    let head = part(json!({ "alg": "RS256", "typ": "JWT" }));
    let subject = format!("system:serviceaccount:{namespace}:duploservices");
    let claims = part(json!({ "sub": subject, "exp": expires.seconds() }));
    format!("{head}.{claims}.SIMSIGNATURE")
}

fn opaque(visit: &Visit<'_>, expires: Timestamp) -> String {
    let n = expires.seconds().unsigned_abs();
    format!("SIMK8S{}", dice::text(visit.scenario.seed, "k8s", n, dice::BASE64URL, 64))
}

/// Base64, the plain kind with padding or the URL-safe kind without.
fn base64(bytes: &[u8], plain: bool) -> String {
    let letters = if plain { dice::BASE64 } else { dice::BASE64URL }.as_bytes();
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |sum, b| sum << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(letters[(group >> (18 - 6 * place) & 63) as usize]));
        }
        if plain {
            text.push_str(&"="[..].repeat(3 - chunk.len()));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_rfc_4648() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes.as_bytes(), true), text);
        }
        assert_eq!(base64(&[0xfb, 0xff], false), "-_8");
    }
}
