//! The story of a run: arguments become a request, a request goes to the face that serves it.

use std::ffi::OsStr;
use std::process::ExitCode;

use downhill::cli::{self, Request};

fn main() -> ExitCode {
    match cli::parse() {
        Request::Serve(verb) => cli::serve(&verb),
        Request::Window(file) => window(file.as_deref()),
        Request::Lesson(named) => lesson(&named.name),
        Request::Shot(shot) => picture(&shot),
    }
}

#[cfg(feature = "gui")]
fn window(file: Option<&OsStr>) -> ExitCode {
    let document = match cli::opening(file) {
        Ok(document) => document,
        Err(code) => return code,
    };
    match downhill::ui::open(opening_of(document)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::without_window(file, &error.to_string()),
    }
}

#[cfg(feature = "gui")]
fn lesson(named: &OsStr) -> ExitCode {
    let lesson = match cli::lesson(named) {
        Ok(lesson) => lesson,
        Err(code) => return code,
    };
    match downhill::ui::open(opening_of_lesson(lesson)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::refuse(&format!("a lesson needs the window, and {error}")),
    }
}

#[cfg(feature = "gui")]
fn opening_of_lesson(lesson: downhill::lesson::ValidLesson) -> downhill::ui::Opening {
    let text = lesson.text(0).unwrap_or_default().to_owned();
    downhill::ui::Opening { text, path: None, lesson: Some(lesson.into()) }
}

#[cfg(feature = "gui")]
fn picture(shot: &cli::ShotArguments) -> ExitCode {
    let opening = match &shot.lesson {
        Some(named) => cli::lesson(named).map(opening_of_lesson),
        None => cli::opening(shot.file.as_deref()).map(opening_of),
    };
    let opening = match opening {
        Ok(opening) => opening,
        Err(code) => return code,
    };
    let pose = downhill::ui::Pose {
        opening,
        steps: shot.steps,
        look_at: shot.look_at,
        size: shot.size,
        theme: match shot.theme {
            cli::ShotTheme::Dark => downhill::ui::theme::Theme::Dark,
            cli::ShotTheme::Light => downhill::ui::theme::Theme::Light,
        },
        text_size: f32::from(shot.text_size) / 100.0,
        instrument: instrument_of(shot.view),
        landscape: match shot.view {
            cli::ShotView::Landscape => Some(downhill::experiment::LandscapeShape::Contours),
            cli::ShotView::Bowl => Some(downhill::experiment::LandscapeShape::Bowl),
            _ => None,
        },
        card: shot.card.clone(),
        command: shot.command.clone(),
        present: shot.present,
        opened: match shot.view {
            cli::ShotView::Cards => downhill::ui::Opened::Cards,
            cli::ShotView::Table => downhill::ui::Opened::Table,
            cli::ShotView::Program => downhill::ui::Opened::Program,
            _ => downhill::ui::Opened::Nothing,
        },
        tiles: shot.tiles.map(tiles_of),
        inside: inside_of(shot.view),
    };
    let png = downhill::ui::pose(pose)
        .map_err(|error| error.to_string())
        .and_then(|picture| picture.to_png().map_err(|error| error.to_string()));
    match png {
        Ok(png) => cli::deliver(&shot.out, &png),
        Err(sentence) => cli::refuse(&sentence),
    }
}

#[cfg(feature = "gui")]
fn instrument_of(view: cli::ShotView) -> Option<downhill::ui::Instrument> {
    use downhill::ui::Instrument;
    match view {
        cli::ShotView::Microscope => Some(Instrument::Microscope),
        cli::ShotView::GradientCheck => Some(Instrument::GradientCheck),
        cli::ShotView::RateFinder => Some(Instrument::RateFinder),
        cli::ShotView::Sharpness => Some(Instrument::Sharpness),
        _ => None,
    }
}

#[cfg(feature = "gui")]
fn inside_of(view: cli::ShotView) -> Option<downhill::experiment::InsideView> {
    use downhill::experiment::InsideView;
    match view {
        cli::ShotView::Inside => Some(InsideView::Network),
        cli::ShotView::InsideWeights => Some(InsideView::Weights),
        cli::ShotView::InsideHistograms => Some(InsideView::Histograms),
        _ => None,
    }
}

#[cfg(feature = "gui")]
fn opening_of(document: downhill::session::library::Document) -> downhill::ui::Opening {
    let path = document.path().map(std::path::Path::to_path_buf);
    downhill::ui::Opening { text: document.text, path, lesson: None }
}

#[cfg(not(feature = "gui"))]
fn window(file: Option<&OsStr>) -> ExitCode {
    match cli::opening(file) {
        Ok(_) => cli::refuse(cli::NO_WINDOW),
        Err(code) => code,
    }
}

#[cfg(not(feature = "gui"))]
fn lesson(named: &OsStr) -> ExitCode {
    match cli::lesson(named) {
        Ok(_) => cli::refuse(cli::NO_WINDOW),
        Err(code) => code,
    }
}

#[cfg(not(feature = "gui"))]
fn picture(_shot: &cli::ShotArguments) -> ExitCode {
    cli::refuse(cli::NO_WINDOW)
}

/// What the tiles are to show.
#[cfg(feature = "gui")]
fn tiles_of(tiles: cli::ShotTiles) -> downhill::experiment::TileView {
    use downhill::experiment::TileView;
    match tiles {
        cli::ShotTiles::Picture => TileView::Picture,
        cli::ShotTiles::Fit => TileView::Fit,
        cli::ShotTiles::Residuals => TileView::Residuals,
        cli::ShotTiles::Matrix => TileView::Confusion,
        cli::ShotTiles::Roc => TileView::Roc,
        cli::ShotTiles::Mistakes => TileView::Mistakes,
        cli::ShotTiles::Rows => TileView::Rows,
    }
}
