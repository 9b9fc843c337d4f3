//! The tenants of a portal.

use std::collections::{BTreeMap, HashMap};

use super::dice;
use super::scenario::Scenario;
use super::users::UserKind;
use crate::base::TenantId;

/// A tenant as the simulator keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name (`AccountName`): any text, because a portal may be hostile.
    pub name: String,
    /// The plan it lives in.
    pub plan: String,
    /// The region of that plan.
    pub region: String,
    /// Its settings (`v3/admin/tenant/{id}/metadata`).
    pub metadata: BTreeMap<String, String>,
}

impl Tenant {
    /// The name of its role and of its Kubernetes namespace.
    pub fn role(&self) -> String {
        format!("duploservices-{}", self.name)
    }

    /// Whether a user may use it: administrators every one, others those of the development plan, so that each
    /// portal has tenants that are somebody else's.
    pub fn is_open_to(&self, user: UserKind) -> bool {
        match user {
            UserKind::Admin | UserKind::Mfa => true,
            UserKind::None => false,
            UserKind::Tenant | UserKind::ReadOnly => self.plan == NONPROD,
        }
    }
}

/// All tenants of a portal, in the order in which they were made.
#[derive(Debug)]
pub(super) struct Tenants {
    seed: u64,
    made: u64,
    plans: Vec<Plan>,
    all: Vec<Tenant>,
    by_id: HashMap<String, usize>,
}

/// A plan, which is the infrastructure of the same name.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) name: String,
    pub(super) region: String,
}

const NONPROD: &str = "nonprod";

impl Tenants {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let regions = scenario.regions();
        let mut plans = vec![
            Plan { name: "default".to_owned(), region: regions[0].clone() },
            Plan { name: NONPROD.to_owned(), region: regions[0].clone() },
            Plan { name: "prod".to_owned(), region: regions[1 % regions.len()].clone() },
        ];
        // Every further region is the seat of a plan of its own.
        let further = regions.iter().skip(2).zip(3..);
        plans
            .extend(further.map(|(region, n)| Plan { name: format!("infra{n:02}"), region: region.clone() }));
        let mut tenants =
            Self { seed: scenario.seed, made: 0, plans, all: Vec::new(), by_id: HashMap::new() };
        tenants.add("default", "default");
        for (name, plan) in names(scenario.tenants.saturating_sub(1), tenants.plans.len()) {
            let plan = tenants.plans[plan].name.clone();
            tenants.add(&name, &plan);
        }
        for name in &scenario.extra_tenants {
            tenants.add(name, NONPROD);
        }
        tenants
    }

    /// Makes a tenant in a plan (in `nonprod` when there is no such plan).
    pub(super) fn add(&mut self, name: &str, plan: &str) -> Tenant {
        self.made += 1;
        let plan = self.plans.iter().find(|p| p.name == plan).unwrap_or(&self.plans[1]);
        let tenant = Tenant {
            id: id(self.seed, self.made),
            name: name.to_owned(),
            plan: plan.name.clone(),
            region: plan.region.clone(),
            metadata: BTreeMap::from([("delete_protection".to_owned(), "true".to_owned())]),
        };
        self.by_id.insert(tenant.id.to_string(), self.all.len());
        self.all.push(tenant.clone());
        tenant
    }

    /// Removes a tenant by name; false when there is none.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        let before = self.all.len();
        self.all.retain(|tenant| tenant.name != name);
        self.by_id = self.all.iter().enumerate().map(|(at, tenant)| (tenant.id.to_string(), at)).collect();
        before != self.all.len()
    }

    pub(super) fn all(&self) -> &[Tenant] {
        &self.all
    }

    pub(super) fn open_to(&self, user: UserKind) -> impl Iterator<Item = &Tenant> {
        self.all.iter().filter(move |tenant| tenant.is_open_to(user))
    }

    /// By id, any case.
    pub(super) fn find(&self, id: &str) -> Option<&Tenant> {
        self.by_id.get(&id.to_ascii_lowercase()).map(|&at| &self.all[at])
    }

    pub(super) fn find_mut(&mut self, id: &TenantId) -> Option<&mut Tenant> {
        self.by_id.get(id.as_str()).map(|&at| &mut self.all[at])
    }

    pub(super) fn plan(&self, name: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.name == name)
    }
}

/// Names with the number of their plan: three of development for each of production, and none the beginning of
/// another, as the portal demands.
fn names(count: usize, plans: usize) -> impl Iterator<Item = (String, usize)> {
    const KINDS: [&str; 4] = ["dev", "qa", "prod", "stage"];
    let width = (count / KINDS.len() + 1).to_string().len().max(2);
    (0..count).map(move |n| {
        let kind = KINDS[n % KINDS.len()];
        let number = n / KINDS.len() + 1;
        let plan = match kind {
            "prod" => 2,
            "stage" if plans > 3 => 3 + number % (plans - 3),
            _ => 1,
        };
        (format!("{kind}{number:0width$}"), plan)
    })
}

/// A random UUID (version 4) as RFC 9562 lays it out.
fn id(seed: u64, n: u64) -> TenantId {
    let (high, low) = (dice::number(seed, "tenant", n), dice::number(seed, "tenant, low half", n));
    let high = high & !0xf000 | 0x4000;
    let low = low & !(3 << 62) | 1 << 63;
    let text = format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    );
    text.parse().expect("formatted as a UUID")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenants(words: &str) -> Tenants {
        Tenants::new(&Scenario::named(words).unwrap())
    }

    #[test]
    fn a_thousand_tenants_have_a_thousand_names_none_the_start_of_another() {
        let all = tenants("large,regions=us-west-2+us-east-1+eu-central-1+ap-south-1");
        let mut names: Vec<_> = all.all().iter().map(|t| t.name.clone()).collect();
        names.sort();
        assert_eq!(names.len(), 1000);
        assert!(names.windows(2).all(|w| !w[1].starts_with(&w[0])), "one is the start of another");
        assert!(names.iter().all(|name| name.len() <= 12 && name.parse::<crate::base::TenantName>().is_ok()));
        assert_eq!(all.by_id.len(), 1000);
        for region in ["us-west-2", "us-east-1", "eu-central-1", "ap-south-1"] {
            assert!(all.all().iter().any(|t| t.region == region), "{region}");
        }
    }

    #[test]
    fn some_tenants_are_somebody_elses() {
        let all = tenants("");
        let names = |user| all.open_to(user).map(|t| t.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names(UserKind::Admin).len(), 8);
        assert_eq!(names(UserKind::Tenant), ["dev01", "qa01", "stage01", "dev02", "qa02"]);
        assert!(names(UserKind::None).is_empty());
    }

    #[test]
    fn ids_stay_when_tenants_come_and_go() {
        let mut all = tenants("tenants=3");
        let qa = all.all()[2].clone();
        assert!(all.remove("dev01") && !all.remove("dev01"));
        let added = all.add("new01", "prod");
        assert_eq!(all.find(&qa.id.as_str().to_uppercase()), Some(&qa));
        assert_eq!(all.find(added.id.as_str()).unwrap().region, "us-east-1");
    }
}
