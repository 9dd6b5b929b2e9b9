//! The experiment being edited: its text, what the text means, and what is wrong with it.
//!
//! The text is the truth. An edit splices it; a text that does not parse is refused and the old one
//! kept, a text that parses but does not validate is kept with its problems, and the last valid
//! experiment stays at hand for running. Comments and layout survive because nothing is rewritten.

use std::path::PathBuf;
use std::sync::Arc;

use crate::experiment::{
    Experiment, Problem, TextEdit, ValidExperiment, apply_edits, check, parse,
};

/// An experiment's text and its meaning.
#[derive(Debug, Clone)]
pub struct Draft {
    text: String,
    experiment: Arc<Experiment>,
    valid: Arc<ValidExperiment>,
    problems: Vec<Problem>,
    saved_text: String,
    /// The text as it was opened, or last saved.
    opened_text: String,
    /// The file it was opened from or saved to.
    pub path: Option<PathBuf>,
}

impl Draft {
    /// A document of a valid experiment's text.
    ///
    /// # Errors
    /// All problems, if the text is no valid experiment.
    pub fn open(text: String, path: Option<PathBuf>) -> Result<Self, Vec<Problem>> {
        let valid = Arc::new(check(&text)?);
        let experiment = Arc::new(valid.experiment().clone());
        let (saved_text, opened_text) = (text.clone(), text.clone());
        Ok(Self { saved_text, opened_text, text, experiment, valid, problems: Vec::new(), path })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it was opened, or last saved.
    pub fn as_opened(&self) -> &str {
        &self.opened_text
    }

    /// What the text says, valid or not.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// The last valid experiment: this text's, unless there are problems.
    pub fn valid(&self) -> &Arc<ValidExperiment> {
        &self.valid
    }

    /// What is wrong with the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether the text differs from what was last saved or opened.
    pub fn is_changed(&self) -> bool {
        self.text != self.saved_text
    }

    /// Takes `text` as what stands in the file.
    pub fn mark_saved_as(&mut self, text: &str) {
        text.clone_into(&mut self.saved_text);
        text.clone_into(&mut self.opened_text);
    }

    /// Makes the document count as never saved, as a new or pasted one.
    pub fn mark_unsaved(&mut self) {
        self.saved_text.clear();
    }

    /// Changes the text. On refusal nothing is changed.
    ///
    /// # Errors
    /// If an edit finds no place, or the result is no RON of an experiment.
    pub fn edit(&mut self, edits: &[TextEdit]) -> Result<(), Problem> {
        let text = apply_edits(&self.text, edits)
            .map_err(|e| Problem::new(first_path(edits), e.to_string()))?;
        self.replace(text)
    }

    /// Replaces the whole text. On refusal nothing is changed.
    ///
    /// # Errors
    /// If it is no RON of an experiment.
    pub fn replace(&mut self, text: String) -> Result<(), Problem> {
        match check(&text) {
            Ok(valid) => {
                self.experiment = Arc::new(valid.experiment().clone());
                self.valid = Arc::new(valid);
                self.problems = Vec::new();
            }
            Err(problems) => {
                self.experiment = Arc::new(parse(&text)?);
                self.problems = problems;
            }
        }
        self.text = text;
        Ok(())
    }
}

fn first_path(edits: &[TextEdit]) -> &str {
    edits.first().map_or("", |edit| match edit {
        TextEdit::Set { path, .. }
        | TextEdit::Remove { path }
        | TextEdit::Insert { path, .. }
        | TextEdit::Move { path, .. } => path,
    })
}
