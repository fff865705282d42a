//! What is kept at hand: the NASes of a database, and names from an operator's files.

use std::path::PathBuf;
use std::sync::Arc;

use trunkline_radius::directory::{Keeper, NamesError, names};
use trunkline_usecase::clock::Clock;
use trunkline_usecase::domain::secret::Secret;
use trunkline_usecase::nas::{self, NasNew, NasSettings};
use trunkline_usecase::{App, Context, Database, Options};

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("trunkline_radius_{}_{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[test]
fn a_nas_that_is_made_or_deleted_is_known_or_forgotten_soon() {
    let folder = Folder::new("keeper");
    let database = Database::open(&format!("sqlite:{}", folder.0.join("trunkline.db").display()), Options::default()).unwrap();
    let app: Arc<App> = App::new(database, Clock::wall(), 0).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut keeper = Keeper::start(&app).await.unwrap();
        let source = "192.0.2.10".parse().unwrap();
        assert_eq!(keeper.directory.borrow().find(source, None), None);
        let new = NasNew {
            name: "Switch".to_owned(),
            network: "192.0.2.10".to_owned(),
            secret: Secret::new("testing123"),
            settings: NasSettings::default(),
        };
        let made = nas::create(&app, &Context::system(), new, |nas| nas.nas_id.to_string()).await.unwrap().unwrap();
        keeper.directory.wait_for(|directory| directory.find(source, None).is_some()).await.unwrap();
        nas::delete(&app, &Context::system(), made.parse().unwrap()).await.unwrap().unwrap();
        keeper.directory.wait_for(|directory| directory.find(source, None).is_none()).await.unwrap();
    });
    app.database.stop();
}

#[test]
fn names_of_files_are_added_and_faults_name_file_and_line() {
    let folder = Folder::new("names");
    let good = folder.0.join("good.txt");
    std::fs::write(&good, "ATTRIBUTE Own-Attribute 242 string\n").unwrap();
    assert!(names(std::slice::from_ref(&good)).unwrap().named("Own-Attribute").is_some());
    let bad = folder.0.join("bad.txt");
    std::fs::write(&bad, "# one\nATTRIBUTE Own-Attribute\n").unwrap();
    let problem = names(&[good, bad.clone()]).unwrap_err().to_string();
    assert_eq!(problem, format!("{}, line 2: ATTRIBUTE has other words: ATTRIBUTE name number type [flags]", bad.display()));
    let missing = folder.0.join("missing.txt");
    assert!(matches!(names(&[missing]), Err(NamesError::Unreadable { .. })));
    let large = folder.0.join("large.txt");
    std::fs::File::create(&large).unwrap().set_len(5_000_000).unwrap();
    assert!(matches!(names(&[large]), Err(NamesError::TooLarge { .. })));
}
