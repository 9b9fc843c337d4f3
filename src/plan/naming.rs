//! From a tenant to the name of its profile.

use minijinja::{Environment, UndefinedBehavior, context};

use crate::base::{PlanName, PortalName, ProfileName, Region, Scope, TenantRef, text};

/// The template that is used where none was chosen. For the scopes without a tenant, `tenant` is the scope's name.
pub const DEFAULT_TEMPLATE: &str = "{{ portal }}-{{ tenant }}";

/// What a template may name.
pub const FIELDS: [&str; 7] = ["portal", "tenant", "plan", "region", "short_region", "account_id", "scope"];

/// A template of profile names.
#[derive(Debug)]
pub struct Template {
    text: String,
    environment: Environment<'static>,
}

/// What a template may speak of.
#[derive(Debug, Clone, Copy)]
pub struct NameFields<'a> {
    /// The portal's short name.
    pub portal: &'a PortalName,
    /// What the profile opens.
    pub scope: &'a Scope,
    /// The tenant's plan, where it is known.
    pub plan: Option<&'a PlanName>,
    /// The profile's region, where it is known.
    pub region: Option<&'a Region>,
    /// The AWS account, where it is known.
    pub account_id: Option<&'a str>,
}

/// What a template is filled with.
struct Filling<'a> {
    portal: &'a str,
    tenant: &'a str,
    plan: &'a str,
    region: &'a str,
    account_id: &'a str,
    scope: &'a str,
}

/// Why a template gives no name.
#[derive(Debug, thiserror::Error)]
pub enum NamingError {
    /// The template itself is wrong.
    #[error("the name template `{template}` is wrong: {reason}")]
    Template {
        /// The template.
        template: String,
        /// What the library says.
        reason: String,
    },
    /// What came out is not a profile name.
    #[error("the name template `{template}` gives {result} for {scope}: {reason}")]
    Result {
        /// The template.
        template: String,
        /// What came out.
        result: String,
        /// For which scope.
        scope: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Template {
    /// Reads a template; a trial run finds misspelt fields before any tenant is involved.
    pub fn parse(template: &str) -> Result<Self, NamingError> {
        let mut environment = Environment::new();
        // A misspelt field must be an error, not an empty text that makes names collide.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let wrong =
            |reason: String| NamingError::Template { template: text::one_line(template, 100), reason };
        let said = |e: &minijinja::Error| e.detail().map_or_else(|| e.kind().to_string(), ToOwned::to_owned);
        environment.add_template_owned("name", template.to_owned()).map_err(|e| wrong(said(&e)))?;
        let this = Self { text: template.to_owned(), environment };
        let example = Filling {
            portal: "portal",
            tenant: "tenant",
            plan: "plan",
            region: "us-west-2",
            account_id: "123456789012",
            scope: "tenant",
        };
        this.render(&example).map_err(|e| {
            wrong(match this.unknown_field() {
                Some(field) => format!("there is no field `{}`", text::one_line(&field, 40)),
                None => said(&e),
            })
        })?;
        Ok(this)
    }

    /// The name of the profile for a scope.
    pub fn name(&self, fields: NameFields<'_>) -> Result<ProfileName, NamingError> {
        let (tenant, scope) = match fields.scope {
            Scope::Tenant(TenantRef::Name(name)) => (name.key(), "tenant"),
            Scope::Tenant(TenantRef::Id(id)) => (id.to_string(), "tenant"),
            Scope::Admin => ("admin".to_owned(), "admin"),
            Scope::DuploOps => ("duplo-ops".to_owned(), "duplo-ops"),
        };
        let portal = fields.portal.as_str();
        let failed = |result: &str, reason: String| NamingError::Result {
            template: text::one_line(&self.text, 100),
            result: format!("`{}`", text::one_line(result, 60)),
            scope: fields.scope.to_string(),
            reason,
        };
        let filling = Filling {
            portal,
            tenant: &tenant,
            plan: fields.plan.map_or("", PlanName::as_str),
            region: fields.region.map_or("", Region::as_str),
            account_id: fields.account_id.unwrap_or_default(),
            scope,
        };
        // Nearly everybody's, and many times as fast.
        let rendered = if self.text == DEFAULT_TEMPLATE {
            format!("{portal}-{tenant}")
        } else {
            self.render(&filling).map_err(|e| failed("", e.to_string()))?
        };
        let rendered = rendered.trim();
        // Names that mean something to AWS programs. Every portal has a tenant `default`; a template of just the
        // tenant's name must not take the default profile over.
        if rendered == "default" || rendered == "__proto__" {
            let named = format!("{portal}-{tenant}");
            return named.parse().map_err(|e: crate::base::NameError| failed(&named, e.to_string()));
        }
        rendered.parse().map_err(|e: crate::base::NameError| failed(rendered, e.to_string()))
    }

    /// A field that the template names and nobody fills.
    fn unknown_field(&self) -> Option<String> {
        let named = self.environment.get_template("name").ok()?.undeclared_variables(false);
        named.into_iter().filter(|name| !FIELDS.contains(&name.as_str())).min()
    }

    fn render(&self, filling: &Filling<'_>) -> Result<String, minijinja::Error> {
        let &Filling { portal, tenant, plan, region, account_id, scope } = filling;
        let short_region = short_region(region);
        let context = context! { portal, tenant, plan, region, short_region, account_id, scope };
        self.environment.get_template("name")?.render(context)
    }

    /// Whether the template names this field.
    pub fn names(&self, field: &str) -> bool {
        let template = self.environment.get_template("name");
        template.is_ok_and(|template| template.undeclared_variables(false).contains(field))
    }
}

/// A region as people abbreviate it, and AWS in the ids of its zones: `us-west-2` is `usw2`, `ap-southeast-1` `apse1`.
fn short_region(region: &str) -> String {
    let mut parts = region.split('-');
    let mut short = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let initials = match part {
            "northeast" => "ne",
            "northwest" => "nw",
            "southeast" => "se",
            "southwest" => "sw",
            number if number.starts_with(|c: char| c.is_ascii_digit()) => number,
            word => word.get(..1).unwrap_or_default(),
        };
        short.push_str(initials);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(template: &str, scope: &Scope) -> Result<String, String> {
        let portal = "acme".parse().unwrap();
        let (plan, region) = ("nonprod".parse().unwrap(), "us-west-2".parse().unwrap());
        let fields = NameFields {
            portal: &portal,
            scope,
            plan: Some(&plan),
            region: Some(&region),
            account_id: Some("123456789012"),
        };
        let template = Template::parse(template).map_err(|e| e.to_string())?;
        template.name(fields).map(|n| n.to_string()).map_err(|e| e.to_string())
    }

    fn tenant(name: &str) -> Scope {
        Scope::Tenant(name.parse().unwrap())
    }

    #[test]
    fn names_from_templates() {
        let ok = |template: &str, scope: &Scope| name(template, scope).unwrap();
        assert_eq!(ok(DEFAULT_TEMPLATE, &tenant("Dev01")), "acme-dev01");
        assert_eq!(ok(DEFAULT_TEMPLATE, &Scope::Admin), "acme-admin");
        assert_eq!(ok(DEFAULT_TEMPLATE, &Scope::DuploOps), "acme-duplo-ops");
        assert_eq!(
            ok("{{ tenant|upper }}.{{ plan }}@{{ region }}", &tenant("dev01")),
            "DEV01.nonprod@us-west-2"
        );
        assert_eq!(
            ok("{{ tenant }}-{{ short_region }}-{{ account_id }}", &tenant("a")),
            "a-usw2-123456789012"
        );
        assert_eq!(
            ok("{{ portal }}-{% if scope == 'admin' %}root{% else %}{{ tenant }}{% endif %}", &Scope::Admin),
            "acme-root"
        );
    }

    #[test]
    fn regions_are_abbreviated_as_in_the_ids_of_zones() {
        for (region, short) in [
            ("us-west-2", "usw2"),
            ("ap-southeast-1", "apse1"),
            ("ap-south-1", "aps1"),
            ("eu-central-1", "euc1"),
            ("us-gov-east-1", "usge1"),
            ("", ""),
        ] {
            assert_eq!(short_region(region), short);
        }
    }

    #[test]
    fn the_default_profile_is_never_generated() {
        assert_eq!(name("{{ tenant }}", &tenant("default")).unwrap(), "acme-default");
        assert_eq!(name("default", &tenant("dev01")).unwrap(), "acme-dev01");
        assert_eq!(name("__proto__", &tenant("dev01")).unwrap(), "acme-dev01");
    }

    #[test]
    fn wrong_templates_say_what_is_wrong() {
        assert!(name("{{ tenat }}", &Scope::Admin).unwrap_err().contains("{{ tenat }}"));
        assert!(name("{{ tenant", &Scope::Admin).is_err());
        let error = name("{{ portal }} {{ tenant }}", &tenant("dev01")).unwrap_err();
        assert!(error.contains("`acme dev01`") && error.contains("letters, digits"), "{error}");
        assert!(name("{{ portal }}]\n[x", &tenant("dev01")).is_err());
    }
}
