//! Owns the form of a CSV file: its encoding, the character between its fields, its records and the lines they stand on,
//! and the limits of each. It is read as it goes and never held whole. Here and not in a face, for the command and the
//! native API read the same files.
//! Does not own: its columns (column.rs) and what cells say (cell.rs).

pub(super) mod account;
mod cell;
mod column;
pub(super) mod customer;
pub(super) mod customer_class;
pub(super) mod rate;
pub(super) mod xdr;

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use csv::{ByteRecord, StringRecord};
use sha2::{Digest, Sha256};

use super::{Failure, Row, Rows, Source, Unreadable};
use crate::error::FieldProblem;
use cell::Cells;
use column::Layout;
pub use column::Table;

/// Bytes of one record that are taken; the longest note in the widest script has a quarter of it.
const RECORD_BYTES_MAX: usize = 64 * 1024;
/// Bytes without the end of a record after which there is no point in reading on.
const RUNAWAY_BYTES_MAX: usize = 1024 * 1024;
const BUFFER_BYTES: usize = 64 * 1024;
/// What is looked at to tell what kind of file it is. The header must lie in it.
const HEAD_BYTES: u64 = 64 * 1024;

/// How files begin that are no CSV in UTF-8, and what to do about them.
const OTHER_KINDS: [(&[u8], &str); 4] = [
    (b"\xff\xfe", "is UTF-16; save it as “CSV UTF-8”"),
    (b"\xfe\xff", "is UTF-16; save it as “CSV UTF-8”"),
    (b"PK\x03\x04", "is a workbook or an archive; save the sheet as “CSV UTF-8”"),
    (b"\x1f\x8b", "is compressed; unpack it first"),
];
/// What can stand between fields, the usual one first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// A file whose header has been understood.
pub struct CsvFile<T> {
    shape: Arc<Shape>,
    read: fn(&mut Cells<'_>) -> T,
}

struct Shape {
    file: Arc<File>,
    delimiter: u8,
    layout: Layout,
}

impl<T> CsvFile<T> {
    /// Looks at the file's beginning.
    pub fn open(file: File, table: &'static Table, read: fn(&mut Cells<'_>) -> T) -> Result<CsvFile<T>, Failure> {
        let file = Arc::new(file);
        let mut head = Vec::new();
        let beginning = Reading { file: Arc::clone(&file), at: 0 };
        beginning.take(HEAD_BYTES).read_to_end(&mut head).map_err(|problem| nowhere(&problem.to_string()))?;
        if let Some((_, what)) = OTHER_KINDS.iter().find(|(start, _)| head.starts_with(start)) {
            return Err(Failure::Header(vec![nowhere(&format!("the file {what}"))]));
        }
        if head.contains(&0) {
            return Err(Failure::Header(vec![nowhere("the file is no text in UTF-8; save it as “CSV UTF-8”")]));
        }
        let (delimiter, line, header) = header(&head, table).map_err(|problem| Failure::Header(vec![problem]))?;
        let layout = Layout::read(table, &header)
            .map_err(|problems| Failure::Header(problems.into_iter().map(|reason| Unreadable { line: Some(line), reason }).collect()))?;
        Ok(CsvFile { shape: Arc::new(Shape { file, delimiter, layout }), read })
    }
}

/// One reading of a file. Several can go on side by side, and the file need not have a name any more.
struct Reading {
    file: Arc<File>,
    at: u64,
}

impl Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += u64::try_from(count).unwrap_or(u64::MAX);
        Ok(count)
    }
}

/// The header, with the line it stands on and the delimiter that makes most sense of it.
fn header(head: &[u8], table: &Table) -> Result<(u8, u64, StringRecord), Unreadable> {
    let mut best: Option<(usize, u8, u64, StringRecord)> = None;
    for delimiter in DELIMITERS {
        let mut records = Records::new(head, delimiter);
        // What is wrong with the header needs no line: it is the file's beginning.
        let found = records.next().map_err(|problem| Unreadable { line: None, ..problem })?;
        let Some(found) = found else { return Err(nowhere("the file is empty; its first line must name the columns")) };
        let cells = StringRecord::from_byte_record(records.record.clone()).map_err(|_| Unreadable {
            line: Some(found.line),
            reason: "the header is no text in UTF-8; save the file as “CSV UTF-8”".to_owned(),
        })?;
        let known = column::known(table, &cells);
        if best.as_ref().is_none_or(|(most, ..)| known > *most) {
            best = Some((known, delimiter, found.line, cells));
        }
    }
    best.map(|(_, delimiter, line, cells)| (delimiter, line, cells)).ok_or_else(|| nowhere("the file has no header"))
}

/// What is wrong with the file as a whole.
fn nowhere(reason: &str) -> Unreadable {
    Unreadable { line: None, reason: reason.to_owned() }
}

impl<T: 'static> Source<T> for CsvFile<T> {
    fn open(&self) -> Result<Box<dyn Rows<T>>, Unreadable> {
        let reading = Reading { file: Arc::clone(&self.shape.file), at: 0 };
        let mut records = Records::new(reading, self.shape.delimiter);
        // The header, which has been understood already.
        records.next()?;
        Ok(Box::new(CsvRows { records, shape: Arc::clone(&self.shape), read: self.read }))
    }

    fn name_of(&self, field: &str) -> Option<&'static str> {
        self.shape.layout.column_of(field)
    }
}

/// Where a record stands.
struct Place {
    line: u64,
    line_last: u64,
    /// The file ends within quotes.
    is_open: bool,
}

/// Records that say something, with the lines they stand on.
struct Records<R> {
    csv: csv::Reader<Measured<R>>,
    record: ByteRecord,
    /// Line breaks before what is read next.
    breaks: Breaks,
    delimiter: u8,
}

/// Counts line breaks: LF, CR LF, and CR alone.
#[derive(Clone, Copy, Default)]
struct Breaks {
    count: u64,
    after_return: bool,
}

impl Breaks {
    fn pass(&mut self, byte: u8) {
        if byte == b'\r' || (byte == b'\n' && !self.after_return) {
            self.count += 1;
        }
        self.after_return = byte == b'\r';
    }
}

impl<R: Read> Records<R> {
    fn new(inner: R, delimiter: u8) -> Records<R> {
        let measured = Measured { inner, hasher: Sha256::new(), window: Vec::new(), taken: 0 };
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(measured);
        Records { csv, record: ByteRecord::new(), breaks: Breaks::default(), delimiter }
    }

    /// Reads on to the next record that says something: empty lines, and those of nothing but delimiters, are passed over.
    fn next(&mut self) -> Result<Option<Place>, Unreadable> {
        loop {
            let begin = self.csv.position().byte();
            let found = self.csv.read_byte_record(&mut self.record);
            let is_end = match found {
                Ok(found) => !found,
                Err(problem) => return Err(self.failure(&problem)),
            };
            let end = self.csv.position().byte();
            let count = usize::try_from(end - begin).unwrap_or(usize::MAX);
            let place = self.csv.get_mut().pass(count, &mut self.breaks, self.delimiter);
            if is_end {
                return Ok(None);
            }
            if place.is_open {
                // All that follows the quote has been taken for one field: how many rows that were is not known.
                return Err(Unreadable { line: Some(place.line), reason: "a quote of this row is never closed".to_owned() });
            }
            if self.record.iter().any(|field| !field.trim_ascii().is_empty()) {
                return Ok(Some(place));
            }
        }
    }

    fn failure(&mut self, problem: &csv::Error) -> Unreadable {
        let place = self.csv.get_mut().pass(usize::MAX, &mut self.breaks, self.delimiter);
        let reason = match problem.kind() {
            csv::ErrorKind::Io(problem) => problem.to_string(),
            _ => problem.to_string(),
        };
        Unreadable { line: Some(place.line), reason }
    }
}

/// Keeps the digest of what passes, and the bytes that are not yet part of a record, in which lines are counted.
struct Measured<R> {
    inner: R,
    hasher: Sha256,
    window: Vec<u8>,
    /// Bytes at the start of the window that belong to records already.
    taken: usize,
}

impl<R> Measured<R> {
    /// Passes the next `count` bytes, which are one record with what is around it.
    fn pass(&mut self, count: usize, breaks: &mut Breaks, delimiter: u8) -> Place {
        let end = self.taken.saturating_add(count).min(self.window.len());
        let bytes = &self.window[self.taken..end];
        let text_at = bytes.iter().position(|byte| !is_break(*byte)).unwrap_or(bytes.len());
        let text_end = bytes.iter().rposition(|byte| !is_break(*byte)).map_or(text_at, |last| last + 1);
        let mut place = Place { line: 0, line_last: 0, is_open: false };
        for (index, byte) in bytes.iter().enumerate() {
            if index == text_at {
                place.line = breaks.count + 1;
            }
            if index == text_end {
                place.line_last = breaks.count + 1;
            }
            breaks.pass(*byte);
        }
        if text_end == bytes.len() {
            place.line_last = breaks.count + 1;
        }
        // A record that is closed ends on its line; only those that do not can be open.
        let may_be_open = place.line_last > place.line || text_end == bytes.len();
        place.is_open = may_be_open && ends_within_quotes(&bytes[text_at..], delimiter);
        self.taken = end;
        place
    }
}

const fn is_break(byte: u8) -> bool {
    byte == b'\r' || byte == b'\n'
}

/// Whether a record's last field begins with a quote that has no other end than the file's.
fn ends_within_quotes(record: &[u8], delimiter: u8) -> bool {
    #[derive(PartialEq)]
    enum At {
        FieldStart,
        Plain,
        Quoted,
        /// A quote within quotes: the end of the field, or the first of two that stand for one.
        Quote,
    }
    let mut at = At::FieldStart;
    for byte in record {
        at = match (at, *byte) {
            (At::FieldStart | At::Quote, b'"') | (At::Quoted, 0..b'"' | b'#'..) => At::Quoted,
            (At::Quoted, b'"') => At::Quote,
            (At::FieldStart | At::Plain | At::Quote, byte) if byte == delimiter || is_break(byte) => At::FieldStart,
            (At::FieldStart | At::Plain | At::Quote, _) => At::Plain,
        };
    }
    at == At::Quoted
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.window.drain(..self.taken);
        self.taken = 0;
        if self.window.len() > RUNAWAY_BYTES_MAX {
            let text = format!("no end of the row within {RUNAWAY_BYTES_MAX} bytes; is a closing quote missing?");
            return Err(std::io::Error::other(text));
        }
        let count = self.inner.read(buffer)?;
        let passed = buffer.get(..count).unwrap_or_default();
        self.hasher.update(passed);
        self.window.extend_from_slice(passed);
        Ok(count)
    }
}

struct CsvRows<T> {
    records: Records<Reading>,
    shape: Arc<Shape>,
    read: fn(&mut Cells<'_>) -> T,
}

impl<T> CsvRows<T> {
    fn row(&self, place: &Place) -> Row<T> {
        let fail = |field: &str, message: String| Row {
            line: place.line,
            wanted: None,
            problems: vec![FieldProblem::new(field, "malformed", message)],
        };
        let (record, layout) = (&self.records.record, &self.shape.layout);
        if record.as_slice().len() > RECORD_BYTES_MAX {
            return fail("", format!("longer than {RECORD_BYTES_MAX} bytes"));
        }
        // Spreadsheets write delimiters behind the last column; what stands there is nothing.
        let has_more = record.iter().skip(layout.width).any(|field| !field.trim_ascii().is_empty());
        if record.len() < layout.width || has_more {
            let spread = if place.line_last > place.line {
                format!("; it goes on to line {}: is a closing quote missing?", place.line_last)
            } else {
                String::new()
            };
            return fail("", format!("{} fields, where the header has {}{spread}", record.len(), layout.width));
        }
        let record = match StringRecord::from_byte_record(record.clone()) {
            Ok(record) => record,
            Err(problem) => {
                let column = layout.name_at(problem.utf8_error().field());
                let field = layout.table.columns.iter().find(|known| Some(known.name) == column).map_or("", |known| known.field);
                return fail(field, "not in UTF-8; save the file as “CSV UTF-8”".to_owned());
            }
        };
        let mut cells = Cells::new(&record, layout);
        let wanted = (self.read)(&mut cells);
        Row { line: place.line, wanted: Some(wanted), problems: cells.problems }
    }
}

impl<T> Rows<T> for CsvRows<T> {
    fn next(&mut self) -> Result<Option<Row<T>>, Unreadable> {
        let Some(place) = self.records.next()? else { return Ok(None) };
        Ok(Some(self.row(&place)))
    }

    fn bytes(&self) -> u64 {
        self.records.csv.position().byte()
    }

    fn digest(&self) -> String {
        let digest = self.records.csv.get_ref().hasher.clone().finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
