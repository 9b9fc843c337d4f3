//! `render(parse(b)) == b`, for every `b`.

use jitpass::awsconfig::Document;

use super::{corpus, generate};

#[test]
fn the_corpus_comes_back_byte_for_byte() {
    for sample in corpus::samples() {
        assert_eq!(Document::parse(&sample.bytes).render(), sample.bytes, "{}", sample.name);
        assert_eq!(Document::parse_credentials(&sample.bytes).render(), sample.bytes, "{}", sample.name);
    }
}

#[test]
fn ten_thousand_generated_documents_come_back_byte_for_byte() {
    generate::for_each(10_000, &generate::soup(), |bytes| {
        let document = Document::parse(&bytes);
        proptest::prop_assert_eq!(document.render(), bytes);
        // The reading must not fail either, whatever it finds.
        let lines = document.disagreements().into_iter().map(|one| one.line);
        let names: Vec<String> = document.profile_names().into_iter().map(str::to_owned).collect();
        for name in names {
            proptest::prop_assert!(document.profile(&name).is_some(), "{}", name);
        }
        proptest::prop_assert!(lines.is_sorted());
        Ok(())
    });
}
