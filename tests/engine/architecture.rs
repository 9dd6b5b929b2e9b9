//! The house stands as its plan says: floors, sizes, first lines, and what no floor may touch.
//!
//! Code is read as text, comments and strings left out; `use` trees are spelled out.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, ground first. The last two are faces: they stand side by side.
const FLOORS: [&str; 17] = [
    "catalog",
    "numeric",
    "data",
    "model",
    "optim",
    "metrics",
    "objective",
    "experiment",
    "train",
    "lab",
    "series",
    "export",
    "script",
    "lesson",
    "session",
    "cli",
    "ui",
];
const LONGEST_FILE: usize = 600;

struct Source {
    path: PathBuf,
    /// The modules above its items: `["train", "lane"]` for `src/train/lane.rs`.
    module: Vec<String>,
    paths: Vec<String>,
}

impl Source {
    fn floor(&self) -> Option<usize> {
        let first = self.module.first()?;
        FLOORS.iter().position(|floor| floor == first)
    }
}

fn files_under(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is part of the project") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("sources are text");
        let inside = path.strip_prefix(&root).expect("it lies in src").with_extension("");
        let mut module: Vec<_> =
            inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
            module.pop();
        }
        let paths = paths_in(&code_of(&text));
        Source { path, module, paths }
    };
    files_under("src").into_iter().map(read).collect()
}

/// The text without comments and without what stands in quotes.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string_hashes(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = 2 + hashes;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if letter == '"' {
            quoted(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest[1..].find('\'').map_or(1, |at| at + 2)
        } else {
            code.push(letter);
            letter.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

fn raw_string_hashes(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('r')?;
    let hashes = inner.chars().take_while(|c| *c == '#').count();
    inner[hashes..].starts_with('"').then_some(hashes)
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// Every path of the code, `use` trees spelled out: `use a::{b, c::d};` gives `a::b` and `a::c::d`.
fn paths_in(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find(|c: char| c.is_alphabetic() || c == '_') {
        rest = &rest[start..];
        let (tree, length) = tree_at(rest);
        paths.extend(tree.into_iter().filter(|path| path.contains("::")));
        rest = &rest[length..];
    }
    paths
}

/// The paths of the tree that starts here, and the length of its text.
fn tree_at(text: &str) -> (Vec<String>, usize) {
    let word = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let head = &text[..word];
    let after = text[word..].trim_start();
    let Some(tail) = after.strip_prefix("::") else { return (vec![head.to_owned()], word) };
    let tail = tail.trim_start();
    let offset = text.len() - tail.len();
    if let Some(mut inner) = tail.strip_prefix('{') {
        let mut paths = Vec::new();
        loop {
            inner = inner.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == '*');
            if let Some(end) = inner.strip_prefix('}') {
                return (paths, text.len() - end.len());
            }
            if !inner.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                return (paths, text.len() - inner.len());
            }
            let (tree, length) = tree_at(inner);
            paths.extend(tree.iter().map(|path| format!("{head}::{path}")));
            inner = &inner[length..];
        }
    }
    if tail.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        let (tree, length) = tree_at(tail);
        return (tree.iter().map(|path| format!("{head}::{path}")).collect(), offset + length);
    }
    (vec![head.to_owned()], offset)
}

/// The floor that a path of this file leads to, if it leaves its own.
fn floor_of(source: &Source, path: &str) -> Option<usize> {
    let mut parts = path.split("::").peekable();
    if parts.peek() == Some(&"crate") {
        parts.next();
    } else {
        let mut up = 0;
        while parts.peek() == Some(&"super") {
            parts.next();
            up += 1;
        }
        if up == 0 || up < source.module.len() {
            return None;
        }
    }
    let name = parts.next()?;
    FLOORS.iter().position(|floor| *floor == name)
}

fn assert_none(violations: &[String], law: &str) {
    assert!(violations.is_empty(), "{law}:\n{}", violations.join("\n"));
}

#[test]
fn a_module_uses_only_the_floors_below_its_own() {
    let faces = FLOORS.len() - 2;
    let mut violations = Vec::new();
    for source in sources() {
        let Some(own) = source.floor() else { continue };
        for path in &source.paths {
            let Some(used) = floor_of(&source, path) else { continue };
            let beside = own >= faces && used >= faces && used != own;
            if used > own || beside {
                violations.push(format!("{} uses {path}", source.path.display()));
            }
        }
    }
    assert_none(&violations, "a module may use only floors below its own");
}

#[test]
fn every_folder_of_the_library_is_a_floor() {
    for source in sources() {
        assert!(source.module.is_empty() || source.floor().is_some(), "{}", source.path.display());
    }
}

#[test]
fn no_window_below_the_window() {
    let window = ["egui", "eframe", "egui_plot", "egui_extras", "winit"];
    let mut violations = Vec::new();
    for source in sources().iter().filter(|source| source.module.first().is_none_or(|f| f != "ui"))
    {
        for path in &source.paths {
            if path.split("::").next().is_some_and(|first| window.contains(&first)) {
                violations.push(format!("{} uses {path}", source.path.display()));
            }
        }
    }
    assert_none(&violations, "only ui may name the window's crates");
}

#[test]
fn no_clock_thread_channel_or_file_below_training() {
    let train = FLOORS.iter().position(|floor| *floor == "train").expect("it is a floor");
    let forbidden =
        ["std::time", "std::thread", "std::sync::mpsc", "std::fs", "std::net", "std::env"];
    let mut violations = Vec::new();
    for source in sources().iter().filter(|source| source.floor().is_some_and(|f| f < train)) {
        for path in &source.paths {
            if forbidden.iter().any(|f| path == f || path.starts_with(&format!("{f}::"))) {
                violations.push(format!("{} uses {path}", source.path.display()));
            }
        }
    }
    assert_none(&violations, "below train there is no clock, thread, channel or file");
}

#[test]
fn every_file_is_one_idea_and_says_which() {
    let mut violations = Vec::new();
    for path in files_under("src").into_iter().chain(files_under("tests")) {
        let text = fs::read_to_string(&path).expect("sources are text");
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            violations.push(format!("{} has {lines} lines", path.display()));
        }
        if !text.starts_with("//! ") {
            violations.push(format!("{} does not start with `//!`", path.display()));
        }
    }
    assert_none(&violations, "a file has at most 600 lines and says first what it holds");
}

#[test]
fn the_reader_of_paths_sees_what_it_must_see() {
    let code = code_of(
        "use crate::{train::{self, lane::Lane}, data};\n// crate::ui in a comment\n\
         let x = \"crate::ui in a \\\" string\"; let y = r#\"crate::ui\"#; super::super::cli::main();\n",
    );
    let paths = paths_in(&code);
    for expected in ["crate::train::self", "crate::train::lane::Lane", "crate::data"] {
        assert!(paths.iter().any(|path| path == expected), "{expected} in {paths:?}");
    }
    assert!(paths.iter().all(|path| !path.contains("ui")), "{paths:?}");
    let source = Source {
        path: PathBuf::new(),
        module: vec!["data".to_owned(), "csv".to_owned()],
        paths: Vec::new(),
    };
    assert_eq!(floor_of(&source, "super::super::cli::main").map(|f| FLOORS[f]), Some("cli"));
    assert_eq!(floor_of(&source, "super::cli"), None);
    assert_eq!(floor_of(&source, "crate::train::lane").map(|f| FLOORS[f]), Some("train"));
}
