//! Every endpoint: its path, who may use it, who answers it.

use axum::http::Method;

use super::reply::Reply;
use super::tenants::Tenant;
use super::users::UserKind;
use super::visit::{Call, Visit};
use super::{aws_jit, features, form, kubernetes, metadata, people, sign_in, sts, tenant_lists};

/// An endpoint.
#[derive(Debug)]
pub(super) struct Route {
    method: Method,
    /// The path; `{name}` stands for one segment. Also the name of the endpoint in counts and faults.
    pub(super) template: &'static str,
    /// Whether older portals lack it.
    pub(super) recent: bool,
    pub(super) handler: Handler,
}

/// Who may use an endpoint, and who answers it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Handler {
    /// Anyone, without a token.
    Open(fn(&mut Visit<'_>) -> Reply),
    /// Any user, even with a token that was logged out: what portals do at `v3/features/system`.
    Ping(fn(&mut Visit<'_>, UserKind) -> Reply),
    /// Any user.
    User(fn(&mut Visit<'_>, UserKind) -> Reply),
    /// Administrators, with a code where the portal wants one.
    Admin(fn(&mut Visit<'_>, UserKind) -> Reply),
    /// Those who may use the tenant `{id}`.
    Tenant(fn(&mut Visit<'_>, UserKind, &Tenant) -> Reply),
    /// Administrators, about the tenant `{id}`.
    AdminTenant(fn(&mut Visit<'_>, UserKind, &Tenant) -> Reply),
}

use Handler::{Admin, AdminTenant, Open, Ping, Tenant as OfTenant, User};

static ROUTES: &[Route] = &[
    get("v3/features/system", Ping(features::system)),
    get("v3/features/tenant", User(features::tenants)),
    get("v3/features/tenant/{id}", OfTenant(features::tenant)),
    get("subscriptions/{id}/GetAwsRegionId", OfTenant(features::region)),
    get("subscriptions/{id}/GetTenantAwsAccountId", OfTenant(features::account)),
    get("adminproxy/GetAwsAccountId", Admin(features::master_account)),
    get("admin/GetTenantsForUser", User(tenant_lists::for_user)),
    get("adminproxy/GetTenantNames", User(tenant_lists::names)),
    get("admin/GetUserRoleInfo", User(people::role_info)),
    get("admin/IsUserAdmin", User(people::is_admin)),
    get("v3/admin/aws/jitAccess/admin", Admin(aws_jit::admin)).recent(),
    get("v3/admin/aws/jitAccess/admin/{region}", Admin(aws_jit::admin)).recent(),
    get("v3/admin/aws/jitAccess/duplo-ops", Admin(aws_jit::duplo_ops)).recent(),
    get("adminproxy/GetJITAwsConsoleAccessUrl", Admin(aws_jit::admin)),
    get("admin/GetJITAwsConsoleAccessUrl", Admin(aws_jit::admin)),
    get("subscriptions/{id}/GetAwsConsoleTokenUrl", OfTenant(aws_jit::tenant)),
    get("v3/subscriptions/{id}/k8s/jitAccess", OfTenant(kubernetes::tenant)).recent(),
    get("subscriptions/{id}/GetK8ClusterConfigByTenant", OfTenant(kubernetes::tenant)),
    get("v3/admin/plans/{plan}/k8sConfig", Admin(kubernetes::plan)).recent(),
    get("v3/admin/tenant/{id}/metadata", AdminTenant(metadata::list)),
    post("v3/admin/tenant/{id}/metadata", AdminTenant(metadata::put)),
    get("v3/admin/tenant/{id}/metadata/{key}", AdminTenant(metadata::one)),
    route(Method::PUT, "v3/admin/tenant/{id}/metadata/{key}", AdminTenant(metadata::put)),
    route(Method::DELETE, "v3/admin/tenant/{id}/metadata/{key}", AdminTenant(metadata::delete)),
    get("build-metadata.json", Open(features::version)),
    get("frontdoor/build-metadata.json", Open(features::version)),
    get("v3/version", User(features::version_for_user)),
    get("v3/auth/version", User(features::version_for_user)),
    get("v3/katkit/version", User(features::version_for_user)),
    get("v3/billing/version", User(features::version_for_user)),
    get("v3/security/version", User(features::version_for_user)),
    post(STS, Open(sts::answer)),
    get(STS, Open(sts::answer)),
    get("app/", Open(sign_in::front_page)),
    get("app/login", Open(sign_in::form)),
    post("app/login", Open(sign_in::sign_in)),
    get("app/sso", Open(sign_in::form)),
    get("app/user/verify-token", Open(sign_in::verify_token)),
    post("app/user/verify-token/press", Open(sign_in::press)),
];

/// The name of AWS's stand-in, which has no path of its own: SDKs ask at `/` of `AWS_ENDPOINT_URL_STS`.
const STS: &str = "sts";

const fn route(method: Method, template: &'static str, handler: Handler) -> Route {
    Route { method, template, recent: false, handler }
}

const fn get(template: &'static str, handler: Handler) -> Route {
    route(Method::GET, template, handler)
}

const fn post(template: &'static str, handler: Handler) -> Route {
    route(Method::POST, template, handler)
}

impl Route {
    const fn recent(mut self) -> Self {
        self.recent = true;
        self
    }
}

/// What a request was found to be.
#[derive(Debug)]
pub(super) enum Found {
    /// An endpoint, with the values of its `{…}` segments.
    Route(&'static Route, Vec<(&'static str, String)>),
    /// A known path with a method it does not have.
    OtherMethod,
    /// Nothing.
    Unknown,
}

impl Found {
    /// The endpoint's name in counts and faults.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Route(route, _) => route.template,
            Self::OtherMethod | Self::Unknown => "unknown",
        }
    }
}

/// Finds the endpoint of a request.
pub(super) fn find(call: &Call) -> Found {
    let path = match call.path.as_str() {
        "" | "aws/sts" if call.method == Method::POST || call.query("Action").is_some() => STS,
        "" | "app" | "app/index.html" => "app/",
        // Only reachable under its own paths.
        STS => return Found::Unknown,
        path => path,
    };
    let mut found = Found::Unknown;
    for route in ROUTES {
        match matched(route.template, path) {
            Some(parameters) if route.method == call.method => return Found::Route(route, parameters),
            Some(_) => found = Found::OtherMethod,
            None => {}
        }
    }
    found
}

fn matched(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut parameters = Vec::new();
    let mut segments = path.split('/');
    for wanted in template.split('/') {
        let segment = segments.next()?;
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => parameters.push((name, form::segment(segment))),
            None if wanted == segment => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::HeaderMap;

    use super::*;

    fn name(method: &Method, uri: &str) -> (&'static str, Vec<String>) {
        let call = Call::new(method.clone(), &uri.parse().unwrap(), HeaderMap::new(), Bytes::new());
        match find(&call) {
            Found::Route(route, parameters) => {
                (route.template, parameters.into_iter().map(|(_, value)| value).collect())
            }
            Found::OtherMethod => ("other method", Vec::new()),
            Found::Unknown => ("unknown", Vec::new()),
        }
    }

    #[test]
    fn requests_find_their_endpoint() {
        for (method, uri, template, parameters) in [
            ("GET", "/v3/features/system", "v3/features/system", vec![]),
            (
                "GET",
                "//v3/subscriptions/a-b/k8s/jitAccess",
                "v3/subscriptions/{id}/k8s/jitAccess",
                vec!["a-b"],
            ),
            ("GET", "/v3/features/tenant/x%20y?z", "v3/features/tenant/{id}", vec!["x y"]),
            ("GET", "/v3/features/tenant/", "v3/features/tenant", vec![]),
            (
                "GET",
                "/v3/admin/aws/jitAccess/admin/us-east-1",
                "v3/admin/aws/jitAccess/admin/{region}",
                vec!["us-east-1"],
            ),
            ("GET", "/v3/admin/aws/jitAccess/root", "unknown", vec![]),
            ("POST", "/v3/features/system", "other method", vec![]),
            ("POST", "/", "sts", vec![]),
            ("POST", "/aws/sts/", "sts", vec![]),
            ("GET", "/?Action=GetCallerIdentity", "sts", vec![]),
            ("GET", "/sts", "unknown", vec![]),
            ("GET", "/", "app/", vec![]),
        ] {
            let parameters: Vec<String> = parameters.into_iter().map(str::to_owned).collect();
            assert_eq!(name(&method.parse().unwrap(), uri), (template, parameters), "{method} {uri}");
        }
    }
}
