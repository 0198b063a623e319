//! Files of the file system as the readers of `pcf-files` take them: content that is opened here
//! and nowhere else.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pcf_files::catalog::Catalog;
use pcf_files::openlca::{ENTRIES_MAX, Package, PackageReader};
use pcf_files::tables::{self, Content, ReadSeek};
use pcf_files::{ExchangeError, mapping, read_whole};

/// Loads a file whose size is checked before it is read.
///
/// # Errors
/// [`ExchangeError::File`] where it cannot be opened or read; [`ExchangeError::Unreadable`] where
/// it is a directory or too long.
pub fn load(path: &Path) -> Result<Vec<u8>, ExchangeError> {
    let name = path.display().to_string();
    let failed = |e: io::Error| ExchangeError::File { file: name.clone(), cause: e.to_string() };
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        let sentence = "expected a file, got a directory".into();
        return Err(ExchangeError::Unreadable { file: name, sentence });
    }
    read_whole(file, Some(about.len()), &name)
}

/// A regular file, opened anew for each reading.
struct Regular(PathBuf);

impl Content for Regular {
    fn open(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(File::open(&self.0)?))
    }

    fn length(&self) -> io::Result<u64> {
        Ok(fs::metadata(&self.0)?.len())
    }
}

/// Opens a file and finds its tables; JSON is handed back as it is.
///
/// # Errors
/// Those of [`load`] and [`tables::open`].
pub fn open_tables(path: &Path, options: &tables::Options) -> Result<tables::File, ExchangeError> {
    let name = path.display().to_string();
    let regular = fs::metadata(path).is_ok_and(|about| about.is_file());
    if regular {
        return tables::open(Arc::new(Regular(path.to_path_buf())), &name, options);
    }
    // What cannot be read twice, such as a pipe, is held.
    tables::open_bytes(load(path)?, &name, options)
}

/// Writes a mapping for an export of activities; see [`mapping::first`].
///
/// # Errors
/// Those of [`load`] and [`mapping::first`].
pub fn first_mapping(
    path: &Path,
    options: &tables::Options,
    catalog: &Catalog,
) -> Result<String, ExchangeError> {
    mapping::first(load(path)?, &path.display().to_string(), options, catalog)
}

/// How deep the folders of a package lie.
const FOLDERS_DEEP: usize = 4;

/// Reads a package of inventories: a zip file or a folder.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for what is no package or beyond the caps;
/// [`ExchangeError::Problems`] naming every document that is not what openLCA writes.
pub fn read_package(path: &Path) -> Result<Package, ExchangeError> {
    let file = path.display().to_string();
    let mut reader = PackageReader::new(file.clone());
    let refuse = |sentence: String| ExchangeError::Unreadable { file: file.clone(), sentence };
    if !path.is_dir() {
        let opened = File::open(path).map_err(|e| refuse(format!("cannot be read: {e}")))?;
        reader.archive(opened)?;
        return reader.finish();
    }
    let mut open = vec![(path.to_path_buf(), String::new(), 0)];
    let mut documents = Vec::new();
    while let Some((folder, place, depth)) = open.pop() {
        let failed = |e: io::Error| refuse(format!("`{place}` cannot be read: {e}"));
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let inside = entry.map_err(failed)?.path();
            let name = inside.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let place = if place.is_empty() { name } else { format!("{place}/{name}") };
            if !inside.is_dir() {
                documents.push((place, inside));
            } else if depth < FOLDERS_DEEP {
                open.push((inside, place, depth + 1));
            }
            if documents.len() > ENTRIES_MAX {
                return Err(refuse(format!("expected at most {ENTRIES_MAX} documents")));
            }
        }
    }
    documents.sort();
    for (place, document) in documents {
        let opened = File::open(&document).map_err(|e| refuse(format!("{place}: {e}")))?;
        reader.document(&place, opened)?;
    }
    reader.finish()
}
