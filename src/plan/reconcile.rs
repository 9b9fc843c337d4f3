//! From the profiles that are wanted and the file that is there to the edits between them.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::awsconfig::{Document, Edit, EditError, Profile};
use crate::base::{PortalName, ProfileName, Scope};
use crate::plan::adoption::Moved;
use crate::plan::extra_keys::{KeyStanding, standing};
use crate::plan::marked::{ByScope, Known, Marked};
use crate::plan::predecessor::Tool;
use crate::plan::profile_plan::{Conflict, Orphan, ProfileChange, ProfilePlan, Reason, Settled};
use crate::plan::three_way::{self, Verdict};
use crate::plan::trade::{Trade, trade};
use crate::plan::{MARK, Wanted};

/// By what the file is brought up to date.
pub struct Terms<'a> {
    /// The portal's short name.
    pub portal: &'a PortalName,
    /// Whether there is a program at an absolute path.
    pub is_there: &'a dyn Fn(&str) -> bool,
    /// Whether a profile of that name that is not ours is to become ours.
    pub adopts: &'a dyn Fn(&str) -> bool,
    /// Whether another portal of that name is set up.
    pub is_portal: &'a dyn Fn(&str) -> bool,
    /// What becomes of what a person changed by hand; `None` where nobody has decided.
    pub decides: &'a dyn Fn(&str) -> Option<Decision>,
    /// How orphans are known; `None` where what the portal said is no ground to speak of any.
    pub orphans: Option<OrphanTerms<'a>>,
}

/// How orphans are known.
pub struct OrphanTerms<'a> {
    /// The name that the template gives to a scope, for sections that nobody remembers having written.
    pub name_of: &'a dyn Fn(&Scope) -> Option<ProfileName>,
    /// Whether the portal offers a scope to this person, chosen or not.
    pub is_offered: &'a dyn Fn(&Scope) -> bool,
}

/// What becomes of a profile that was changed by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The person's values stay.
    Keep,
    /// They are replaced.
    Overwrite,
}

/// Applies to `document` whatever makes it hold the wanted profiles, and nothing else.
///
/// A section is ours when its mark names the portal and it has the name we wrote. A value of ours that differs is
/// replaced only when it is still the one last written: what a person changed stays, and is reported. `marked` are the
/// sections with the portal's mark ([`Marked::all`]).
pub fn reconcile(
    document: &mut Document,
    wanted: &[Wanted],
    marked: &[Marked],
    terms: &Terms<'_>,
) -> ProfilePlan {
    let plan = ProfilePlan { is_recorded: true, ..ProfilePlan::default() };
    let mut run = Run { document, wanted, terms, plan, users: None };
    let by_scope = ByScope::new(wanted);
    let traded = run.trade_names(marked, &by_scope);
    let marked = traded.as_deref().unwrap_or(marked);
    let of_name: HashMap<&str, &Wanted> = wanted.iter().map(|entry| (entry.name.as_str(), entry)).collect();
    let is_named = |section: &&Marked| {
        of_name.get(section.name()).is_some_and(|entry| !section.is_persons_for_another(entry))
    };
    let (named, others): (Vec<&Marked>, Vec<&Marked>) = marked.iter().partition(is_named);
    let taken: HashSet<&str> =
        others.iter().map(|section| section.name()).filter(|name| of_name.contains_key(name)).collect();
    let named: HashMap<&str, &Marked> = named.into_iter().map(|section| (section.name(), section)).collect();
    // Sections of ours under another name than the wanted one, by the wanted profile they stand for.
    let mut elsewhere: BTreeMap<usize, Vec<&Marked>> = BTreeMap::new();
    let mut strays = Vec::new();
    for section in others {
        match by_scope.of(section) {
            Some(at) if section.known.is_some() => elsewhere.entry(at).or_default().push(section),
            // A copy that jitpass did not write.
            Some(_) => {}
            None => strays.push(section),
        }
    }
    for (at, entry) in wanted.iter().enumerate() {
        match named.get(entry.name.as_str()) {
            Some(section) => {
                run.compare(at, entry, &section.profile, section.known.as_ref());
            }
            None => match run.document.profile(entry.name.as_str()) {
                Some(present) if taken.contains(entry.name.as_str()) => {
                    run.leave(entry, &present, Reason::NamedByPerson);
                }
                Some(present) => run.update(at, entry, &present),
                None => run.provide(at, entry, elsewhere.get_mut(&at)),
            },
        }
    }
    for (at, sections) in &elsewhere {
        for section in sections {
            run.follow(*at, section);
        }
    }
    if let Some(orphans) = &terms.orphans {
        run.find_orphans(&strays, orphans);
    }
    run.plan
}

struct Run<'a, 'b> {
    document: &'a mut Document,
    wanted: &'a [Wanted],
    terms: &'a Terms<'b>,
    plan: ProfilePlan,
    /// The profiles with a source, by that source, as far as that was looked up.
    users: Option<HashMap<String, Vec<String>>>,
}

impl Run<'_, '_> {
    /// Profiles that get each other's names get them first; gives all sections as they are then.
    fn trade_names(&mut self, marked: &[Marked], by_scope: &ByScope<'_>) -> Option<Vec<Marked>> {
        let Trade { edits, names } = trade(self.document, self.wanted, marked, by_scope)?;
        self.plan.edits.extend(edits);
        let new: HashMap<&str, &str> = names.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        let now = |section: &Marked| {
            let name = new.get(section.name()).copied().unwrap_or(section.name());
            let profile = self.document.profile(name)?;
            Some(Marked { profile, known: section.known.clone() })
        };
        let now = marked.iter().filter_map(now).collect();
        self.plan.changes.extend(names.into_iter().map(|(from, to)| ProfileChange::Rename(from, to)));
        Some(now)
    }

    /// There is no profile of the wanted name: one of ours for the same scope gets it, or there will be a new one.
    fn provide(&mut self, at: usize, entry: &Wanted, elsewhere: Option<&mut Vec<&Marked>>) {
        let Some(sections) = elsewhere else { return self.insert(at, entry) };
        let is_persons = |section: &&Marked| section.known.as_ref().is_some_and(|k| k.is_named_by_person);
        if sections.iter().any(is_persons) {
            return;
        }
        let Some(place) = sections.iter().position(|section| section.name() != "default") else {
            return self.insert(at, entry);
        };
        let section = sections.remove(place);
        let users = self.users.get_or_insert_with(|| self.document.users_by_source());
        let of_section = users.get(section.name()).map(Vec::as_slice).unwrap_or_default();
        let edits = Document::rename_edits_of(section.name(), &entry.name, of_section);
        if edits.len() > 1 || section.profile.value("source_profile").is_some() {
            // What is known of them is no longer so.
            self.users = None;
        }
        if self.apply(&entry.name, edits) {
            self.plan.changes.push(ProfileChange::Rename(section.name().to_owned(), entry.name.clone()));
            if let Some(present) = self.document.profile(entry.name.as_str()) {
                self.compare(at, entry, &present, section.known.as_ref());
            }
        }
    }

    fn insert(&mut self, at: usize, entry: &Wanted) {
        let edit = Edit::Insert { profile: entry.name.clone(), properties: entry.properties.clone() };
        if self.apply(&entry.name, vec![edit]) {
            self.plan.changes.push(ProfileChange::Add(entry.name.clone()));
            self.plan.kept.push((entry.name.to_string(), at));
        }
    }

    /// There is a profile of the wanted name, and not one of ours.
    fn update(&mut self, at: usize, entry: &Wanted, present: &Profile) {
        let reason = match present.value(MARK) {
            // Another portal of this person's keeps it.
            Some(mark) if (self.terms.is_portal)(mark) => {
                Reason::OtherPortal(crate::base::text::one_line(mark, 60))
            }
            _ if (self.terms.adopts)(entry.name.as_str()) => return self.adopt(at, entry, present),
            Some(mark) => Reason::OtherPortal(crate::base::text::one_line(mark, 60)),
            None => Reason::Foreign(present.value("credential_process").and_then(Tool::of_value)),
        };
        self.leave(entry, present, reason);
    }

    /// A section of ours for a wanted profile that has, or gets, a section of its own: it follows as well.
    fn follow(&mut self, at: usize, section: &Marked) {
        // Only names that we could have written.
        let Ok(name) = section.name().parse::<ProfileName>() else { return };
        let entry = self.wanted[at].renamed(name);
        self.compare(at, &entry, &section.profile, section.known.as_ref());
    }

    /// The section is ours: every key of ours gets its value, unless a person changed it.
    fn compare(&mut self, at: usize, entry: &Wanted, present: &Profile, known: Option<&Known>) {
        let nothing = Known::default();
        let known = known.unwrap_or(&nothing);
        let decision = (self.terms.decides)(&present.name);
        let Verdict { edits, drift, settled, is_recorded } =
            three_way::compare(entry, present, known, decision, self.terms.is_there);
        let keys: Vec<String> = edits
            .iter()
            .filter_map(|edit| match edit {
                Edit::Set { key, .. } | Edit::Unset { key, .. } => Some(key.to_string()),
                _ => None,
            })
            .collect();
        let changes = !edits.is_empty();
        if changes && !self.apply(&entry.name, edits) {
            return;
        }
        if changes {
            self.plan.changes.push(ProfileChange::Update(entry.name.clone(), keys));
        } else if drift.is_none() && !self.is_renamed(&entry.name) {
            self.plan.unchanged.push(entry.name.to_string());
        }
        self.plan.drifts.extend(drift);
        if !settled.is_empty() {
            self.plan.settled.push(Settled { name: entry.name.to_string(), keys: settled });
        }
        self.plan.is_recorded &= is_recorded;
        self.plan.kept.push((entry.name.to_string(), at));
    }

    fn is_renamed(&self, name: &ProfileName) -> bool {
        self.plan.changes.iter().any(|change| matches!(change, ProfileChange::Rename(_, to) if to == name))
    }

    fn adopt(&mut self, at: usize, entry: &Wanted, present: &Profile) {
        let is_in_the_way = |key: &str| {
            let key = key.parse();
            key.is_ok_and(|key| matches!(standing(&key), KeyStanding::BeatsUs | KeyStanding::Secret))
        };
        let in_the_way: Vec<String> =
            present.properties.iter().map(|p| p.key.clone()).filter(|key| is_in_the_way(key)).collect();
        if !in_the_way.is_empty() {
            self.leave(entry, present, Reason::NotAdoptable(in_the_way));
            return;
        }
        let edits = entry.properties.iter().map(|(key, value)| Edit::Set {
            profile: entry.name.to_string(),
            key: key.clone(),
            value: value.clone(),
        });
        if self.apply(&entry.name, edits.collect()) {
            self.plan.changes.push(ProfileChange::Adopt(entry.name.clone()));
            self.plan.moved.extend(Moved::of(entry, present));
            self.plan.kept.push((entry.name.to_string(), at));
        }
    }

    fn find_orphans(&mut self, strays: &[&Marked], terms: &OrphanTerms<'_>) {
        if strays.is_empty() {
            return;
        }
        let sources = self.document.users_by_source();
        for section in strays {
            let Some(scope) = section.scope() else { continue };
            let is_offered = (terms.is_offered)(&scope);
            let is_ours = match &section.known {
                // What a person added stays as long as it works.
                Some(known) if known.is_named_by_person && is_offered => {
                    self.plan.not_chosen.push(section.name().to_owned());
                    false
                }
                Some(_) => true,
                None => (terms.name_of)(&scope).is_some_and(|name| name.as_str() == section.name()),
            };
            if is_ours && scope != Scope::DuploOps {
                let used_by = sources.get(section.name()).cloned().unwrap_or_default();
                let (name, line) = (section.name().to_owned(), section.line());
                self.plan.orphans.push(Orphan { name, line, scope, is_offered, used_by });
            }
        }
    }

    /// Applies edits, all or none.
    fn apply(&mut self, name: &ProfileName, edits: Vec<Edit>) -> bool {
        match apply_all(self.document, &edits) {
            Ok(()) => {
                self.plan.edits.extend(edits);
                true
            }
            Err(error) => {
                self.refuse(name, &error);
                false
            }
        }
    }

    fn leave(&mut self, entry: &Wanted, present: &Profile, reason: Reason) {
        let line = present.lines.first().copied();
        self.plan.conflicts.push(Conflict { name: entry.name.to_string(), line, reason });
    }

    fn refuse(&mut self, name: &ProfileName, error: &EditError) {
        let reason = Reason::Refused(error.to_string());
        self.plan.conflicts.push(Conflict { name: name.to_string(), line: error.line(), reason });
    }
}

/// Applies all edits or none.
fn apply_all(document: &mut Document, edits: &[Edit]) -> Result<(), EditError> {
    // One edit is all or none by itself; only several need the way back, and copying takes its time.
    let before = (edits.len() > 1).then(|| document.clone());
    let failed = edits.iter().find_map(|edit| document.apply(edit).err());
    match (failed, before) {
        (Some(error), Some(before)) => {
            *document = before;
            Err(error)
        }
        (Some(error), None) => Err(error),
        (None, _) => Ok(()),
    }
}

#[cfg(test)]
#[cfg(not(windows))]
mod tests {
    use super::*;
    use crate::base::Region;
    use crate::plan::{DEFAULT_TEMPLATE, Entry, NameFields, ProgramPath, Template};

    const PROGRAM: &str = "/bin/jitpass";

    /// The profiles for these tenants, `name` or `name=id`, in one region.
    fn wanted(template: &str, tenants: &str, region: &str, keys: &str) -> Vec<Wanted> {
        let template = Template::parse(template).unwrap();
        let (portal, region): (PortalName, Region) = ("acme".parse().unwrap(), region.parse().unwrap());
        let keys: Vec<_> = keys
            .split_whitespace()
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(key, value)| (key.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let one = |tenant: &str| {
            let (name, id) = tenant.split_once('=').map_or((tenant, None), |(name, id)| (name, Some(id)));
            let scope = if name == "admin" { Scope::Admin } else { Scope::Tenant(name.parse().unwrap()) };
            let fields = NameFields {
                portal: &portal,
                scope: &scope,
                plan: None,
                region: Some(&region),
                account_id: None,
            };
            let address = crate::base::PortalAddress::new("https://acme.net".parse().unwrap(), None);
            Wanted {
                name: template.name(fields).unwrap(),
                tenant_id: id.map(|id| format!("{id:0>8}-0000-4000-8000-000000000000").parse().unwrap()),
                properties: Entry {
                    program: &ProgramPath(PROGRAM.into()),
                    address: &address,
                    scope: &scope,
                    is_interactive: true,
                    region: Some(&region),
                    keys: &keys,
                    mark: Some(&portal),
                }
                .properties()
                .unwrap(),
                scope,
                region_is_guess: false,
            }
        };
        tenants.split_whitespace().map(one).collect()
    }

    fn section(name: &str, tenant: &str) -> String {
        format!(
            "[profile {name}]\nregion = us-west-2\ncredential_process = {PROGRAM} aws --host https://acme.net --tenant {tenant} \
             --interactive\njitpass_portal = acme\n"
        )
    }

    /// One run over a file, with what was written before.
    struct Case {
        file: String,
        wanted: Vec<Wanted>,
        records: BTreeMap<String, Known>,
        adopts: bool,
        decision: Option<Decision>,
        prunes: bool,
    }

    impl Case {
        fn of(file: &str, tenants: &str) -> Self {
            Self {
                file: file.to_owned(),
                wanted: wanted(DEFAULT_TEMPLATE, tenants, "us-west-2", ""),
                records: BTreeMap::new(),
                adopts: false,
                decision: None,
                prunes: false,
            }
        }

        /// What was written for a profile.
        fn written(mut self, name: &str, pairs: &[(&str, &str)]) -> Self {
            let written = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            self.records.insert(name.to_owned(), Known { written, ..Known::default() });
            self
        }

        fn prunes(self) -> Self {
            Self { prunes: true, ..self }
        }

        /// The file after, and what happened in short.
        fn run(&self) -> (String, String) {
            let portal = "acme".parse().unwrap();
            let orphans = OrphanTerms {
                name_of: &|scope| match scope {
                    Scope::Tenant(TenantRef::Name(name)) => format!("acme-{}", name.key()).parse().ok(),
                    _ => "acme-admin".parse().ok(),
                },
                is_offered: &|scope| scope.key() == "tenant-offered",
            };
            let terms = Terms {
                portal: &portal,
                is_there: &|path| !path.contains("gone"),
                adopts: &|_| self.adopts,
                is_portal: &|name| name == "known",
                decides: &|_| self.decision,
                orphans: Some(orphans),
            };
            let mut document = Document::parse(self.file.as_bytes());
            let marked = Marked::all(&document, &portal, &|name| self.records.get(name).cloned());
            let mut plan = reconcile(&mut document, &self.wanted, &marked, &terms);
            if self.prunes {
                plan.prune(&mut document);
            }
            let after = String::from_utf8(document.render()).unwrap();
            let mut again = Document::parse(self.file.as_bytes());
            plan.edits.iter().for_each(|edit| assert!(again.apply(edit).is_ok()));
            assert_eq!(again.render(), after.as_bytes(), "the edits make the file");
            let mut said: Vec<String> = plan
                .changes
                .iter()
                .map(|change| match change {
                    ProfileChange::Add(name) => format!("add {name}"),
                    ProfileChange::Update(name, keys) => format!("update {name} {}", keys.join("+")),
                    ProfileChange::Rename(from, to) => format!("rename {from} {to}"),
                    ProfileChange::Adopt(name) => format!("adopt {name}"),
                    ProfileChange::Remove(name) => format!("remove {name}"),
                })
                .collect();
            said.extend(plan.followers().map(|name| format!("follow {name}")));
            let unchanged: Vec<&str> = plan.unchanged.iter().map(String::as_str).collect();
            let is_changed = |change: &ProfileChange| matches!(change, ProfileChange::Rename(_, to) if unchanged.contains(&to.as_str()));
            assert!(!plan.changes.iter().any(is_changed), "what is renamed is not unchanged: {unchanged:?}");
            said.extend(plan.conflicts.iter().map(|c| format!("leave {} {:?}", c.name, c.reason)));
            said.extend(plan.drifts.iter().map(|d| {
                let keys: Vec<&str> = d.keys.iter().map(|k| k.key.as_str()).collect();
                format!("drift {} {}", d.name, keys.join("+"))
            }));
            said.extend(plan.orphans.iter().map(|o| format!("orphan {} {}", o.name, o.is_offered)));
            said.extend(plan.not_chosen.iter().map(|name| format!("not chosen {name}")));
            said.extend(plan.settled.iter().map(|s| format!("settled {} {}", s.name, s.keys.join("+"))));
            said.extend(plan.moved.iter().map(|m| format!("{}: {} -> {}", m.name, m.before, m.after)));
            (after, said.join(", "))
        }

        fn says(&self) -> String {
            self.run().1
        }
    }

    use crate::base::TenantRef;

    #[test]
    fn adds_what_is_missing() {
        let entry = section("acme-dev01", "dev01");
        assert_eq!(Case::of("", "dev01").run(), (entry.clone(), "add acme-dev01".into()));
        let (file, _) = Case::of("[default]\nregion = us-east-1\n", "dev01").run();
        assert_eq!(file, format!("[default]\nregion = us-east-1\n\n{entry}"));
    }

    #[test]
    fn a_second_run_changes_nothing() {
        let entry = section("acme-dev01", "dev01");
        assert_eq!(Case::of(&entry, "dev01").run(), (entry.clone(), String::new()));
        let elsewhere = entry.replace("/bin/", "/opt/homebrew/bin/");
        assert_eq!(Case::of(&elsewhere, "dev01").run(), (elsewhere, String::new()));
    }

    #[test]
    fn a_program_that_is_gone_is_mended() {
        let gone = section("acme-dev01", "dev01").replace("/bin/", "/gone/");
        let (file, said) = Case::of(&gone, "dev01").run();
        assert_eq!(
            (file, said),
            (section("acme-dev01", "dev01"), "update acme-dev01 credential_process".into())
        );
        // But nothing else that a person changed in that line.
        let changed = gone.replace(" --interactive", "");
        assert_eq!(
            Case::of(&changed, "dev01").run(),
            (changed, "drift acme-dev01 credential_process".into())
        );
    }

    #[test]
    fn follows_the_portal_where_nobody_changed_the_file() {
        let mut case =
            Case::of(&section("acme-dev01", "dev01"), "").written("acme-dev01", &[("region", "us-west-2")]);
        case.wanted = wanted(DEFAULT_TEMPLATE, "dev01", "eu-west-1", "");
        let expected = section("acme-dev01", "dev01").replace("us-west-2", "eu-west-1");
        assert_eq!(case.run(), (expected, "update acme-dev01 region".into()));
    }

    #[test]
    fn what_a_person_changed_is_theirs_until_they_decide() {
        let entry = section("acme-dev01", "dev01").replace("us-west-2", "eu-west-3");
        let case = || Case::of(&entry, "dev01").written("acme-dev01", &[("region", "us-west-2")]);
        assert_eq!(case().run(), (entry.clone(), "drift acme-dev01 region".into()));
        let kept = Case { decision: Some(Decision::Keep), ..case() };
        assert_eq!(kept.run(), (entry.clone(), "settled acme-dev01 region".into()));
        let overwritten = Case { decision: Some(Decision::Overwrite), ..case() };
        assert_eq!(overwritten.run(), (section("acme-dev01", "dev01"), "update acme-dev01 region".into()));
        // Decided once, and asked again only when one of the two changes.
        let mut preferred = case();
        let preference = |over: &str| ("region".to_owned(), (Some("eu-west-3".to_owned()), over.to_owned()));
        preferred.records.get_mut("acme-dev01").unwrap().preferred = [preference("us-west-2")].into();
        assert_eq!(preferred.says(), "settled acme-dev01 region");
        let overwritten = Case { decision: Some(Decision::Overwrite), ..preferred };
        assert_eq!(overwritten.says(), "update acme-dev01 region", "also what was kept before");
        let mut preferred = Case { decision: None, ..overwritten };
        preferred.records.get_mut("acme-dev01").unwrap().preferred = [preference("us-east-1")].into();
        assert_eq!(preferred.says(), "drift acme-dev01 region");
        // Taken out by hand: not put back.
        let without = section("acme-dev01", "dev01").replace("region = us-west-2\n", "");
        let case = Case::of(&without, "dev01").written("acme-dev01", &[("region", "us-west-2")]);
        assert_eq!(case.run(), (without, "drift acme-dev01 region".into()));
    }

    #[test]
    fn what_is_not_ours_stays_until_it_is_adopted() {
        let foreign = "[profile acme-dev01]\noutput = json\n";
        assert_eq!(
            Case::of(foreign, "dev01").run(),
            (foreign.into(), "leave acme-dev01 Foreign(None)".into())
        );
        let adopting = |file: &str| Case { adopts: true, ..Case::of(file, "dev01") };
        let adopted = section("acme-dev01", "dev01").replace("]\n", "]\noutput = json\n");
        assert_eq!(adopting(foreign).run(), (adopted, "adopt acme-dev01".into()));
        for (command, moved) in [
            ("duplo-jit aws --host https://acme.net --tenant dev01 --interactive", ""),
            (
                "duplo-jit aws --host https://acme.net --tenant prod01 --interactive",
                ", acme-dev01: tenant prod01 -> tenant dev01",
            ),
            (
                "duplo-jit aws --host https://b.net --admin --interactive",
                ", acme-dev01: admin at b.net -> tenant dev01 at acme.net",
            ),
            ("/bin/other --tenant prod01", ""),
        ] {
            let file = format!("[profile acme-dev01]\ncredential_process = {command}\n");
            assert_eq!(adopting(&file).says(), format!("adopt acme-dev01{moved}"));
        }
        let keys = "[profile acme-dev01]\nrole_arn = x\naws_secret_access_key = y\n";
        let said = r#"leave acme-dev01 NotAdoptable(["role_arn", "aws_secret_access_key"])"#;
        assert_eq!(adopting(keys).run(), (keys.into(), said.into()));
        let other = section("acme-dev01", "dev01").replace("= acme", "= other");
        assert_eq!(Case::of(&other, "dev01").says(), r#"leave acme-dev01 OtherPortal("other")"#);
        // One that another portal of the same person keeps would go back and forth.
        assert_eq!(adopting(&other).says(), "adopt acme-dev01");
        let known = section("acme-dev01", "dev01").replace("= acme", "= known");
        assert_eq!(adopting(&known).says(), r#"leave acme-dev01 OtherPortal("known")"#);
    }

    #[test]
    fn other_names_and_other_keys_come_and_go_with_the_settings() {
        let old =
            format!("{}\n[profile chain]\nsource_profile = acme-dev01\n", section("acme-dev01", "dev01"));
        let mut case = Case::of(&old, "").written("acme-dev01", &[("region", "us-west-2")]);
        case.wanted = wanted("{{ tenant }}.{{ portal }}", "dev01", "us-west-2", "output=json");
        let (file, said) = case.run();
        assert_eq!(said, "rename acme-dev01 dev01.acme, update dev01.acme output, follow chain");
        assert!(
            file.starts_with("[profile dev01.acme]\n") && file.ends_with("source_profile = dev01.acme\n")
        );
        assert!(file.contains("jitpass_portal = acme\noutput = json\n"), "{file}");
        let mut only_renamed = Case { file: old.clone(), ..case };
        only_renamed.wanted = wanted("{{ tenant }}.{{ portal }}", "dev01", "us-west-2", "");
        assert_eq!(only_renamed.says(), "rename acme-dev01 dev01.acme, follow chain");
        let mut case = Case {
            wanted: wanted("{{ tenant }}.{{ portal }}", "dev01", "us-west-2", "output=json"),
            ..only_renamed
        };
        // A name that a person chose stays, and a copy that jitpass did not write is nobody's business.
        case.records.get_mut("acme-dev01").unwrap().is_named_by_person = true;
        assert_eq!(case.says(), "update acme-dev01 output");
        case.records.clear();
        assert_eq!(case.says(), "add dev01.acme");
        // What the settings no longer ask for goes, unless a person changed it.
        let with = section("acme-dev01", "dev01") + "output = json\n";
        let case = |value| Case::of(&with, "dev01").written("acme-dev01", &[("output", value)]);
        assert_eq!(case("json").run(), (section("acme-dev01", "dev01"), "update acme-dev01 output".into()));
        assert_eq!(case("text").says(), "");
    }

    #[test]
    fn a_tenant_is_the_same_under_another_name() {
        let mut case = Case::of(&section("acme-old", "old"), "new=7");
        case = case.written(
            "acme-old",
            &[("credential_process", "/bin/jitpass aws --host https://acme.net --tenant old --interactive")],
        );
        case.records.get_mut("acme-old").unwrap().tenant_id =
            Some("00000007-0000-4000-8000-000000000000".into());
        let (file, said) = case.run();
        assert_eq!(file, section("acme-new", "new"));
        assert_eq!(said, "rename acme-old acme-new, update acme-new credential_process");
    }

    #[test]
    fn who_names_a_renamed_profile_follows() {
        let chained = |name: &str, tenant: &str, source: &str| {
            format!("{}source_profile = {source}\n", section(name, tenant))
        };
        let role = |source: &str| format!("\n[profile role]\nsource_profile = {source}\n");
        let keys = [("region", "us-west-2")];
        let file = |p: &str| {
            let (a, b) = (format!("{p}-a"), format!("{p}-b"));
            chained(&a, "a", &b)
                + "\n"
                + &chained(&b, "b", &b)
                + &role(&a)
                + &role(&b).replace("role]", "two]")
        };
        let mut case = Case::of(&file("acme"), "").written("acme-a", &keys).written("acme-b", &keys);
        case.wanted = wanted("new-{{ tenant }}", "a b", "us-west-2", "");
        assert_eq!(
            case.run(),
            (file("new"), "rename acme-a new-a, rename acme-b new-b, follow role, follow two".into())
        );
    }

    #[test]
    fn a_name_that_a_person_gave_is_not_taken_for_another_tenant() {
        let command = format!("{PROGRAM} aws --host https://acme.net --tenant dev01 --interactive");
        let keys = [("region", "us-west-2"), ("credential_process", command.as_str()), (MARK, "acme")];
        let case = |tenants: &str, id: Option<&str>| {
            let mut case = Case::of(&section("acme-new", "dev01"), tenants).written("acme-new", &keys);
            let record = case.records.get_mut("acme-new").unwrap();
            (record.is_named_by_person, record.tenant_id) = (true, id.map(str::to_owned));
            case
        };
        assert_eq!(case("dev01 new", None).says(), "leave acme-new NamedByPerson");
        let (one, new) = ("00000001-0000-4000-8000-000000000000", "00000002-0000-4000-8000-000000000000");
        assert_eq!(case("dev01=1 new=2", Some(one)).says(), "leave acme-new NamedByPerson");
        // The tenant itself got that name.
        assert_eq!(case("new=2", Some(new)).says(), "update acme-new credential_process");
    }

    /// `alpha` and `beta` get each other's names, and `gamma` gets the one that `beta` leaves.
    #[test]
    fn names_are_traded_and_what_stands_below_them_goes_along() {
        let own =
            |name: &str, tenant: &str| section(name, tenant) + &format!("# about {tenant}\nx = {tenant}\n");
        let sections = [own("acme-alpha", "alpha"), own("acme-beta", "beta"), own("acme-gamma", "gamma")];
        let chain = "[profile chain]\nsource_profile = acme-beta\n";
        let file = format!("{}\n{chain}", sections.join("\n"));
        let with = |names: [&str; 3]| {
            let mut case = Case::of(&file, "alpha beta gamma");
            for (entry, name) in case.wanted.iter_mut().zip(names) {
                entry.name = name.parse().unwrap();
            }
            let command = |tenant: &str| {
                format!("/bin/jitpass aws --host https://acme.net --tenant {tenant} --interactive")
            };
            for tenant in ["alpha", "beta", "gamma"] {
                let command = command(tenant);
                case = case.written(&format!("acme-{tenant}"), &[("credential_process", command.as_str())]);
            }
            case
        };
        for (names, said) in [
            (
                ["acme-beta", "acme-alpha", "acme-gamma"],
                "rename acme-alpha acme-beta, rename acme-beta acme-alpha, follow chain",
            ),
            (
                ["acme-beta", "acme-gamma", "acme-alpha"],
                "rename acme-alpha acme-beta, rename acme-beta acme-gamma, rename acme-gamma acme-alpha, follow chain",
            ),
            // A chain: the first waits for the second to leave.
            (
                ["acme-beta", "acme-new", "acme-gamma"],
                "rename acme-beta acme-new, rename acme-alpha acme-beta, follow chain",
            ),
        ] {
            let (after, what) = with(names).run();
            assert_eq!(what, said);
            let expected = ["alpha", "beta", "gamma"].iter().zip(names);
            let expected: Vec<String> = expected.map(|(tenant, name)| own(name, tenant)).collect();
            let chain = chain.replace("acme-beta", names[1]);
            assert_eq!(after, format!("{}\n{chain}", expected.join("\n")));
        }
        // Where one of them cannot be renamed, none is, and nobody's command changes silently.
        let mut stuck = with(["acme-beta", "acme-alpha", "acme-gamma"]);
        stuck.file = stuck.file.replace("x = alpha\n", "x = alpha\nnonsense\n");
        assert!(!stuck.run().0.contains("renaming"));
    }

    #[test]
    fn the_default_profile_follows() {
        let default = section("default", "dev01").replace("profile default", "default");
        let file = format!("{default}\n{}", section("acme-dev01", "dev01"));
        let mut case = Case::of(&file, "")
            .written("default", &[("region", "us-west-2")])
            .written("acme-dev01", &[("region", "us-west-2")]);
        case.wanted = wanted(DEFAULT_TEMPLATE, "dev01", "eu-west-1", "");
        assert_eq!(case.says(), "update acme-dev01 region, update default region");
    }

    #[test]
    fn orphans() {
        let both = format!("{}\n{}", section("acme-dev01", "dev01"), section("acme-gone", "gone"));
        // Ours, by the record or by the name we would have given it.
        assert_eq!(Case::of(&both, "dev01").says(), "orphan acme-gone false");
        let known =
            |file: &str, name: &str| Case::of(file, "dev01").written(name, &[("region", "us-west-2")]);
        assert_eq!(
            known(&both, "acme-gone").prunes().run(),
            (section("acme-dev01", "dev01"), "remove acme-gone, orphan acme-gone false".into(),)
        );
        let copy = section("mine", "gone");
        assert_eq!(Case::of(&copy, "").says(), "");
        assert_eq!(known(&copy, "mine").says(), "add acme-dev01, orphan mine false");
        // Not chosen, but offered: what a person added stays.
        let offered = section("acme-offered", "offered");
        assert_eq!(known(&offered, "acme-offered").says(), "add acme-dev01, orphan acme-offered true");
        let mut added = known(&offered, "acme-offered");
        added.records.get_mut("acme-offered").unwrap().is_named_by_person = true;
        assert_eq!(added.says(), "add acme-dev01, not chosen acme-offered");
        // Chosen, it is as all others: what was changed by hand is told of.
        added.file = offered.replace("acme-offered", "qq").replace("us-west-2", "eu-west-1");
        added.wanted = wanted(DEFAULT_TEMPLATE, "offered", "us-west-2", "");
        let record = added.records.remove("acme-offered").unwrap();
        added.records.insert("qq".into(), record);
        assert_eq!(added.says(), "drift qq region");
        // Nobody knows what it opens.
        let unknown = offered.replace("--tenant offered", "--port 1");
        assert_eq!(Case::of(&unknown, "").says(), "");
    }
}
