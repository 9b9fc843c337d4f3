//! The messy files, byte for byte.

use std::fs;
use std::path::PathBuf;

/// A file of the corpus: its name and its bytes.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

impl Sample {
    /// Whether it is a sample of the credentials file.
    pub(super) fn is_credentials(&self) -> bool {
        self.name.ends_with(".cred.ini")
    }
}

/// All samples, by name. Fails when some are missing or when line ends were converted on the way.
pub(super) fn samples() -> Vec<Sample> {
    let mut samples: Vec<Sample> = fs::read_dir(data().join("messy"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ini"))
        .map(|path| Sample {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            bytes: fs::read(&path).unwrap(),
        })
        .collect();
    samples.sort_by(|one, other| one.name.cmp(&other.name));
    assert_eq!(samples.len(), 58);
    let crlf = samples.iter().find(|sample| sample.name == "03-crlf.ini").unwrap();
    assert_eq!(crlf.bytes.len(), 83, "line ends were converted: see .gitattributes");
    samples
}

/// A JSON file of the test data.
pub(super) fn json(name: &str) -> serde_json::Value {
    serde_json::from_slice(&fs::read(data().join(name)).unwrap()).unwrap()
}

fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}
