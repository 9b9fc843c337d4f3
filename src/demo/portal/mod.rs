//! A DuploCloud portal that lives on this machine, with the AWS it hands out.
//!
//! 1. A [`Scenario`] says what kind of portal it is: its generation, its people, its tenants, its odd ways.
//! 2. [`Portal::start`] serves it on a thread of its own and answers with a [`Running`].
//! 3. Each request is matched (`routes`), counted (`counts`), perhaps spoilt (`faults`), admitted (`admission`) and
//!    answered (`features`, `people`, `tenant_lists`, `aws_jit`, `kubernetes`, `metadata`, `sts`, `sign_in`).
//! 4. A test or another process changes it as it runs: through [`Portal`], or over HTTP under `/demo/`
//!    (`control`).
//!
//! Where no public source says how a real portal answers, the scenario has a choice, so that jitpass can be
//! tried against each. Nothing here is secret: every token, key and name is made up from the scenario's seed.

mod admission;
mod aws_jit;
mod callback;
mod clock;
mod control;
mod counts;
mod dice;
mod faults;
mod features;
mod form;
mod issue;
mod kubernetes;
mod metadata;
mod page;
mod people;
mod reply;
mod routes;
mod scenario;
mod scenario_words;
mod server;
mod sign_in;
mod simulator;
mod sts;
mod tenant_lists;
mod tenants;
mod users;
mod visit;
mod wire;

pub use callback::{BrowserRequest, Button, Cancel, LoopbackName, Way};
pub use counts::{Count, Counts};
pub use faults::{Fault, FaultError};
pub use issue::Issued;
pub use scenario::{Generation, Kubernetes, Partition, RefreshTime, Refusals, Scenario};
pub use scenario_words::ScenarioError;
pub use server::{Running, StartError};
pub use simulator::Portal;
pub use tenants::Tenant;
pub use users::{TokenState, UserKind};
