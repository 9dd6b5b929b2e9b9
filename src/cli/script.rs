//! `downhill script`: one lane of an experiment as a NumPy program or a notebook.

use std::io::Write;
use std::process::ExitCode;

use crate::catalog::suggestion;
use crate::experiment::LanePlan;
use crate::script;
use crate::session::library::{Library, write_file};

use super::check::{marked, ready};
use super::overrides::overridden;
use super::{Console, Failure, RunArguments, ScriptArguments};

/// Writes the program, or prints it.
pub(super) fn script(
    console: &mut Console,
    arguments: &ScriptArguments,
) -> Result<ExitCode, Failure> {
    let document = Library::open().find(&arguments.file).map_err(Failure::bad_input)?;
    let changes = RunArguments { set: arguments.set.clone(), ..RunArguments::default() };
    let text = overridden(&document.text, &changes)?;
    let ready = match ready(&document, &text) {
        Ok(ready) => ready,
        Err(problems) => {
            console.say(&marked(&text, &document.shown_name(), &problems));
            return Ok(ExitCode::from(2));
        }
    };
    let plan = chosen(&ready.plans, arguments.lane.as_deref())?;
    let program = script::program(&ready.experiment, plan, &document.opener())
        .map_err(|error| Failure::BadInput(format!("the lane `{}`: {error}", plan.name)))?;
    let written = if arguments.notebook { program.notebook() } else { program.text() };
    let Some(path) = &arguments.out else {
        console.out.write_all(written.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    if path.exists() && !arguments.force {
        return Err(Failure::BadInput(format!(
            "{} is there already: choose another name, or replace it with --force",
            path.display()
        )));
    }
    write_file(path, written.as_bytes()).map_err(anyhow::Error::new)?;
    let (path, lane) = (path.display(), &plan.name);
    console.say(&if arguments.notebook {
        format!("{path} is written, the lane `{lane}` as a notebook")
    } else {
        format!("{path} is written, the lane `{lane}`: `python3 {path}` runs it")
    });
    Ok(ExitCode::SUCCESS)
}

/// The lane that was named, else the first.
fn chosen<'a>(plans: &'a [LanePlan], named: Option<&str>) -> Result<&'a LanePlan, Failure> {
    let found = match named {
        None => plans.first(),
        Some(name) => plans.iter().find(|plan| plan.name == name),
    };
    found.ok_or_else(|| {
        let name = named.unwrap_or_default();
        let hint = suggestion(name, plans.iter().map(|plan| plan.name.as_str()));
        Failure::BadInput(format!("--lane {name}: there is no such lane: {hint}"))
    })
}
