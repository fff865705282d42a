//! Owns a placeholder page where the UI has not been built, so that the program compiles without it.
//! Does not own: building the UI (xtask).

use std::fs;
use std::path::Path;

const PLACEHOLDER: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Trunkline</title></head><body>\
<h1>Trunkline</h1><p>This program was built without its UI. Build it with <code>cargo start</code> (it needs Node), or use the API: \
<a href=\"/api/v1/docs\">/api/v1/docs</a>.</p></body></html>";

fn main() {
    let folder = Path::new("../../web/dist");
    let page = folder.join("index.html");
    println!("cargo::rerun-if-changed=../../web/dist");
    if !page.exists() {
        let made = fs::create_dir_all(folder).and_then(|()| fs::write(&page, PLACEHOLDER));
        if let Err(problem) = made {
            println!("cargo::error=cannot write {}: {problem}", page.display());
        }
    }
}
