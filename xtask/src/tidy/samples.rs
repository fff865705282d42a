//! Owns a sample that each rule refuses, and one that it lets pass.
//! Does not own the rules.

use super::*;

struct Sample {
    rule: &'static str,
    /// Path and text.
    refused: &'static [(&'static str, &'static str)],
    /// Where the finding is expected.
    line: usize,
    passed: &'static [(&'static str, &'static str)],
}

const LINTS: &str = "[lints]\nworkspace = true\n";

const SAMPLES: &[Sample] = &[
    Sample {
        rule: "floors",
        refused: &[("crates/domain/Cargo.toml", "[dependencies]\ntrunkline-storage.workspace = true\n")],
        line: 2,
        passed: &[("crates/storage/Cargo.toml", "[dependencies]\ntrunkline-domain.workspace = true\n")],
    },
    Sample {
        rule: "floors",
        refused: &[("crates/api/Cargo.toml", "[dev-dependencies]\nstorage = { path = \"../storage\" }\n")],
        line: 2,
        passed: &[(
            "crates/api/Cargo.toml",
            "[package]\nname = \"trunkline-api\"\n[dependencies]\ntrunkline-usecase.workspace = true # never trunkline-storage\n",
        )],
    },
    Sample {
        rule: "floors",
        refused: &[("xtask/Cargo.toml", "[dependencies.trunkline-domain]\nworkspace = true\n")],
        line: 1,
        passed: &[("crates/server/Cargo.toml", "[dependencies]\ntrunkline-api.workspace = true\ntrunkline-storage.workspace = true\n")],
    },
    Sample {
        rule: "floors",
        refused: &[("crates/domain/Cargo.toml", "[dependencies]\ntokio.workspace = true\n")],
        line: 2,
        passed: &[("crates/domain/Cargo.toml", "[dependencies]\njiff.workspace = true\n")],
    },
    Sample { rule: "floors", refused: &[("crates/voice/Cargo.toml", LINTS)], line: 1, passed: &[("crates/radius/Cargo.toml", LINTS)] },
    Sample {
        rule: "storage-hidden",
        refused: &[("crates/api/src/customer.rs", "\nuse trunkline_storage::customer;\n")],
        line: 2,
        passed: &[("crates/usecase/src/customer.rs", "use trunkline_storage::customer;\n")],
    },
    Sample {
        rule: "blocking",
        refused: &[("crates/usecase/src/customer.rs", "pub async fn list() {}\n")],
        line: 1,
        passed: &[
            ("crates/api/src/customer.rs", "pub async fn list() {}\n"),
            ("crates/usecase/src/customer.rs", "// the face will .await it\n"),
        ],
    },
    Sample {
        rule: "crate-names",
        refused: &[("crates/common/Cargo.toml", "[package]\nname = \"trunkline-common\"\n")],
        line: 1,
        passed: &[("crates/domain/Cargo.toml", "[package]\nname = \"trunkline-domain\"\n")],
    },
    Sample {
        rule: "manifests",
        refused: &[("crates/api/Cargo.toml", "[lints]\nworkspace = true\n[dependencies]\naxum = \"0.8\"\n")],
        line: 4,
        passed: &[("crates/api/Cargo.toml", "[dependencies]\naxum.workspace = true\n[lints]\nworkspace = true\n")],
    },
    Sample {
        rule: "manifests",
        refused: &[("crates/api/Cargo.toml", "[package]\n")],
        line: 1,
        passed: &[("crates/api/Cargo.toml", LINTS)],
    },
    Sample {
        rule: "nouns",
        refused: &[("crates/api/src/customers.rs", ""), ("crates/domain/src/customer.rs", "")],
        line: 1,
        passed: &[("crates/api/src/customer/list.rs", ""), ("crates/domain/src/customer.rs", ""), ("crates/domain/src/status/mod.rs", "")],
    },
    Sample {
        rule: "nouns",
        refused: &[("crates/api/src/customerclass.rs", ""), ("crates/domain/src/customer_class.rs", "")],
        line: 1,
        passed: &[("crates/api/src/customer_class.rs", ""), ("crates/domain/src/customer_class.rs", "")],
    },
    Sample {
        rule: "headers",
        refused: &[("crates/domain/src/money.rs", "//! Owns money.\nuse x;\n")],
        line: 1,
        passed: &[
            ("crates/domain/src/money.rs", "//! Owns money.\n//!\n//! Does not own rounding.\nuse x;\n"),
            ("crates/domain/tests/it/money.rs", "use x;\n"),
        ],
    },
    Sample {
        rule: "headers",
        refused: &[("web/src/grid.tsx", "import x from 'y';\n// Owns the grid. Does not own rows.\n")],
        line: 1,
        passed: &[
            ("web/src/grid.tsx", "// Owns the grid. Does not own rows.\n"),
            ("web/src/grid.test.tsx", ""),
            ("crates/server/build.rs", ""),
            ("web/src/api/schema.d.ts", ""),
        ],
    },
    Sample {
        rule: "floats",
        refused: &[("crates/storage/src/x.rs", "\nlet rate: f64 = 1;\n")],
        line: 2,
        passed: &[("crates/domain/src/x.rs", "// never an f64\nlet words = [\"f64\"];\n"), ("crates/api/src/x.rs", "let x: f64;\n")],
    },
    Sample {
        rule: "clock",
        refused: &[("crates/server/src/x.rs", "let now = jiff::Timestamp::now();\n")],
        line: 1,
        passed: &[("crates/usecase/src/clock.rs", "SystemTime::now()\n"), ("crates/server/src/x.rs", "Instant::now()\n")],
    },
    Sample {
        rule: "hidden-tests",
        refused: &[("crates/domain/tests/it/x.rs", "#[test]\n#[ignore = \"slow\"]\n")],
        line: 2,
        passed: &[("crates/domain/tests/it/x.rs", "#[test]\nfn ignored_fields() {}\n")],
    },
    Sample {
        rule: "hidden-tests",
        refused: &[("web/e2e/x.test.ts", "it.only('x', () => {});\n")],
        line: 1,
        passed: &[("web/e2e/x.test.ts", "it('x', () => {}); commit(x); benefit(y);\n")],
    },
    Sample {
        rule: "sleeping-tests",
        refused: &[("crates/server/tests/it/x.rs", "std::thread::sleep(x);\n")],
        line: 1,
        passed: &[
            ("crates/server/tests/it/x.rs", "// sleeps: the moment of the kill is drawn by lot\nstd::thread::sleep(x);\n"),
            ("crates/server/src/worker.rs", "std::thread::sleep(x);\n"),
        ],
    },
    Sample {
        rule: "sleeping-tests",
        refused: &[("crates/server/src/x.rs", "#[cfg(test)]\nmod tests {\n    tokio::time::sleep(x);\n}\n")],
        line: 3,
        passed: &[("crates/server/src/x.rs", "tokio::time::sleep(x);\n#[cfg(test)]\nmod tests {\n}\n")],
    },
    Sample {
        rule: "sleeping-tests",
        refused: &[("web/e2e/x.test.ts", "await page.waitForTimeout(500);\n")],
        line: 1,
        passed: &[("web/e2e/x.test.ts", "await page.getByRole('row').waitFor();\n")],
    },
    Sample {
        rule: "one-test-binary",
        refused: &[("crates/api/tests/customer.rs", "")],
        line: 1,
        passed: &[("crates/api/tests/it/customer.rs", ""), ("crates/api/tests/data/a.json", "")],
    },
    Sample {
        rule: "decisions",
        refused: &[("docs/decisions/1-floors.md", "")],
        line: 1,
        passed: &[("docs/decisions/0001-floors-are-crates.md", ""), ("docs/decisions/0002-b.md", "")],
    },
    Sample { rule: "decisions", refused: &[("docs/decisions/0003-c.md", ""), ("docs/decisions/0001-a.md", "")], line: 1, passed: &[] },
    Sample { rule: "decisions", refused: &[("docs/decisions/0001-b.md", ""), ("docs/decisions/0001-a.md", "")], line: 1, passed: &[] },
    Sample {
        rule: "links",
        refused: &[("docs/STYLE.md", "\nsee [x](../crates/none/src/x.rs)\n")],
        line: 2,
        passed: &[
            ("docs/STYLE.md", "[a](../README.md#b) [c](https://example.com/x) [d](#e) [f](decisions/)\n"),
            ("README.md", ""),
            ("docs/decisions/0001-a.md", ""),
        ],
    },
    Sample {
        rule: "links",
        refused: &[("crates/domain/src/x.rs", "/// as in docs/nowhere.md, Money.\n")],
        line: 1,
        passed: &[("crates/domain/src/x.rs", "/// (docs/domain.md, Money)\n"), ("docs/domain.md", "")],
    },
    Sample {
        rule: "white-space",
        refused: &[("docs/a.md", "one\ntwo \n")],
        line: 2,
        passed: &[("docs/a.md", "one\n\ntwo\n"), ("crates/api/tests/it/x.snap", "a \n")],
    },
    Sample { rule: "white-space", refused: &[("web/src/a.ts", "x")], line: 1, passed: &[("web/src/a.ts", "x\n")] },
    Sample { rule: "white-space", refused: &[("samples/a.csv", "x\r\n")], line: 1, passed: &[("samples/a.csv", "x\n")] },
    Sample {
        rule: "markers",
        refused: &[("crates/api/src/x.rs", "\n// FIXME later\n")],
        line: 2,
        passed: &[("crates/api/src/x.rs", "(\"XXX\", 2)\nlet todos = 1;\n")],
    },
    Sample {
        rule: "machine-paths",
        refused: &[("docs/a.md", "run \"/home/jane/trunkline\"\n")],
        line: 1,
        passed: &[("docs/a.md", "put it below /var/lib/trunkline, see https://example.com/home/page\n")],
    },
    Sample {
        rule: "package-hosts",
        refused: &[("Cargo.lock", "[[package]]\nsource = \"git+https://example.com/x\"\n")],
        line: 2,
        passed: &[("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n")],
    },
    Sample {
        rule: "package-hosts",
        refused: &[("web/package-lock.json", "\"resolved\": \"https://example.com/x.tgz\",\n")],
        line: 1,
        passed: &[
            ("web/package-lock.json", "\"funding\": { \"url\": \"https://example.com\" }\n"),
            ("web/.npmrc", "# keeps\nomit-lockfile-registry-resolved=true\n"),
        ],
    },
    Sample { rule: "package-hosts", refused: &[("web/.npmrc", "registry=https://example.com\n")], line: 1, passed: &[] },
];

fn files(sample: &[(&str, &str)]) -> Vec<File> {
    sample.iter().map(|(path, text)| File { path: (*path).to_owned(), text: Some((*text).to_owned()) }).collect()
}

#[test]
fn each_rule_refuses_its_sample_at_the_right_line_and_lets_the_other_pass() {
    for sample in SAMPLES {
        let rule = rules().find(|rule| rule.name == sample.rule).unwrap();
        let findings = (rule.check)(&files(sample.refused));
        let found = findings.iter().any(|finding| finding.line == sample.line);
        assert!(found, "{}: {:?} was not refused: {findings:?}", rule.name, sample.refused);
        assert_eq!((rule.check)(&files(sample.passed)), [], "{}", rule.name);
    }
}

#[test]
fn long_files_are_refused() {
    let text = "//! x\n".repeat(601);
    for (path, refused) in
        [("crates/api/src/x.rs", true), ("crates/api/tests/it/x.rs", false), ("web/src/x.css", true), ("web/src/api/schema.d.ts", false)]
    {
        let file = File { path: path.to_owned(), text: Some(text.clone()) };
        let rule = rules().find(|rule| rule.name == "size").unwrap();
        assert_eq!((rule.check)(&[file]).len(), usize::from(refused), "{path}");
    }
}

#[test]
fn each_rule_has_a_sample_and_a_name_of_its_own() {
    let mut names: Vec<&str> = rules().map(|rule| rule.name).collect();
    for name in &names {
        assert!(*name == "size" || SAMPLES.iter().any(|sample| sample.rule == *name), "{name} has no sample");
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
