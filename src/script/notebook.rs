//! A program as a Jupyter notebook.
//!
//! Invariant: its code cells, run in order, are the program. Source of the format: nbformat 4.5.

use serde_json::{Value, json};

use super::{ORIGIN, Program};

/// The notebook as JSON text.
pub(super) fn notebook(program: &Program) -> String {
    let mut cells = Vec::new();
    let mut push = |kind: &str, source: &str| {
        let id = format!("cell-{}", cells.len() + 1);
        let lines: Vec<&str> = source.trim_end().split_inclusive('\n').collect();
        let mut cell = json!({ "cell_type": kind, "id": id, "metadata": {}, "source": lines });
        if kind == "code" {
            cell["execution_count"] = Value::Null;
            cell["outputs"] = json!([]);
        }
        cells.push(cell);
    };
    push("markdown", &format!("# {}\n\n{}\n\n{ORIGIN}", program.title, program.notes));
    for part in &program.parts {
        push("markdown", &format!("## {}\n\n{}", part.title, part.words));
        push("code", &part.code);
    }
    let notebook = json!({
        "cells": cells,
        "metadata": {
            "kernelspec": { "display_name": "Python 3", "language": "python", "name": "python3" },
            "language_info": { "name": "python" },
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    format!("{notebook:#}\n")
}
