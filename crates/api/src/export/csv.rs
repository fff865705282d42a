//! Owns the form of a CSV file: RFC 4180 in UTF-8, with the mark by which spreadsheets know that it is UTF-8.
//! Does not own: which columns there are.

use trunkline_usecase::export::RUN_BY_SPREADSHEETS;

use super::Cell;

/// Without it spreadsheets take the file for one in the code page of the computer.
const MARK: &str = "\u{feff}";
pub struct Writer {
    text: String,
}

impl Writer {
    pub fn begin(headings: &[&str]) -> Writer {
        let mut writer = Writer { text: MARK.to_owned() };
        writer.line(headings.iter().map(|heading| (*heading).to_owned()));
        writer
    }

    pub fn add(&mut self, cells: &[Cell]) {
        self.line(cells.iter().map(text_of));
    }

    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text).into_bytes()
    }

    fn line(&mut self, fields: impl Iterator<Item = String>) {
        for (number, field) in fields.enumerate() {
            if number > 0 {
                self.text.push(',');
            }
            if field.contains(['"', ',', '\r', '\n', ';', '\t']) {
                self.text.push('"');
                self.text.push_str(&field.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(&field);
            }
        }
        self.text.push_str("\r\n");
    }
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) if text.starts_with(RUN_BY_SPREADSHEETS) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
        Cell::Id(id) => id.to_string(),
        // A number of ours, which may begin with a minus.
        Cell::Amount(amount, currency) => amount.to_decimal(usize::try_from(currency.digits()).unwrap_or(0)),
        Cell::Moment(moment) => moment.to_utc_text(),
    }
}
