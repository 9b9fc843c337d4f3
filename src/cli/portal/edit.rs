//! `jitpass portal edit`: other choices for a portal, by flags, by questions, or in an editor.

use clap::Args;

use super::flags::{self, ChoiceFlags};
use super::{editor, questions, report};
use crate::base::{PortalName, TenantPattern};
use crate::cli::Outcome;
use crate::cli::change::{ChangeArgs, Ended};
use crate::cli::sync::{self, SyncArgs};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::portal::{self, PortalEdit, change};

/// Change what is chosen for a portal
///
/// Without flags it asks. Comments, order and spelling of the settings stay. A portal that gets another address is
/// signed in to anew: a token goes only to the address it was checked with.
#[derive(Debug, Args)]
pub(super) struct EditArgs {
    /// Portal, by its name or its address; needed unless you have exactly one
    portal: Option<String>,

    /// Give it another short name; its profiles follow with the next sync
    #[arg(long, value_name = "NEW")]
    name: Option<PortalName>,

    /// Give it another address
    #[arg(long, value_name = "URL")]
    host: Option<String>,

    /// Give these tenants a profile besides; may be repeated
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    include: Vec<TenantPattern>,

    /// Lift an exclusion; may be repeated
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    no_exclude: Vec<TenantPattern>,

    /// Let profiles not say this any more; may be repeated
    #[arg(long, value_name = "KEY")]
    unset: Vec<String>,

    #[command(flatten)]
    choices: ChoiceFlags,

    /// Open the file of settings in your editor, and check what you made of it
    #[arg(long)]
    editor: bool,

    /// Then bring its profiles up to date
    #[arg(long, conflicts_with_all = ["editor", "dry_run"])]
    sync: bool,

    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) fn run(machine: &Machine, args: &EditArgs) -> Outcome {
    let edit = args.edit()?;
    if args.editor {
        if !edit.is_empty() || args.portal.is_some() {
            return Err(Failure::misuse(
                "--editor opens all of the settings, and goes with no portal and no other choice",
            ));
        }
        return editor::run(machine, args.change);
    }
    let before = portal::chosen(machine, args.portal.as_deref())?;
    let edit = match edit.is_empty() {
        false => edit,
        true if args.sync => return sync::run(machine, &SyncArgs::of(&before.name, args.change)),
        true if args.change.asks() => questions::ask(machine, &before)?,
        true => {
            return Err(Failure::misuse(format!(
                "nothing is said that should be otherwise about `{}`",
                before.name
            ))
            .hint("say it with flags; see jitpass portal edit --help"));
        }
    };
    let after = edit.of(&before)?;
    if let Some(command) =
        after.token_command.as_ref().filter(|_| before.token_command != after.token_command)
    {
        report::check_command(machine, command)?;
    }
    let plan = || change::edit(machine, &before.name, &edit);
    if !args.sync {
        return report::run(machine, args.change, plan);
    }
    let (_, ended) = report::carry_out(machine, args.change, plan)?;
    match ended {
        Ended::Written | Ended::Unchanged => sync::run(machine, &SyncArgs::of(&after.name, args.change)),
        Ended::Shown | Ended::Declined => Ok(ended.exit_code()),
    }
}

impl EditArgs {
    fn edit(&self) -> Result<PortalEdit, Failure> {
        Ok(PortalEdit {
            name: self.name.clone(),
            host: self.host.as_deref().map(flags::host).transpose()?,
            include: self.include.clone(),
            no_exclude: self.no_exclude.clone(),
            unset: self.unset.iter().map(|typed| flags::key(typed)).collect::<Result<_, _>>()?,
            ..self.choices.edit()?
        })
    }
}
