//! Owns the form of a workbook with one sheet (ECMA-376): its parts, its styles, how a cell is written. It is compressed and
//! handed on while it is written, and never held whole.
//! Does not own: which columns there are; archives (the crate `zip`).

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use trunkline_usecase::domain::time::Timestamp;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::Cell;

/// Rows of a sheet, less that of the headings.
pub const ROWS_MAX: i64 = 1_048_575;

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// The headings stay in sight.
const SHEET: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><sheetData>"#;
const SHEET_END: &str = "</sheetData></worksheet>";

/// Numbers of the styles: plain is 0, then these, then amounts by their decimals.
const HEADING: usize = 1;
const MOMENT: usize = 2;
const AMOUNT: usize = 3;
/// Amounts are exact to this many decimals.
const DECIMALS_MAX: usize = 6;

const DAY_MICROSECONDS: i64 = 86_400_000_000;
/// Spreadsheets count days from here, and have none before 1 March 1900 that they agree on.
const DAY_ZERO: i64 = -25_569;
const DAYS_MIN: i64 = 61;
/// Parts of a day that a number of theirs can tell apart.
const DAY_PARTS: i128 = 10_000_000_000;

/// What the archive is written into until it is taken.
#[derive(Clone, Default)]
struct Tray {
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl io::Write for Tray {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub struct Writer {
    archive: ZipWriter<StreamWriter<Tray>>,
    tray: Tray,
    rows: i64,
    /// The row at hand, kept for its room.
    line: String,
}

impl Writer {
    pub fn begin(headings: &[&str]) -> io::Result<Writer> {
        let tray = Tray::default();
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let mut archive = ZipWriter::new_stream(tray.clone());
        let styles = styles();
        for (name, part) in [
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", RELATIONS),
            ("xl/workbook.xml", WORKBOOK),
            ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
            ("xl/styles.xml", styles.as_str()),
        ] {
            archive.start_file(name, options)?;
            archive.write_all(XML.as_bytes())?;
            archive.write_all(part.as_bytes())?;
        }
        archive.start_file("xl/worksheets/sheet1.xml", options)?;
        archive.write_all(XML.as_bytes())?;
        archive.write_all(SHEET.as_bytes())?;
        let mut writer = Writer { archive, tray, rows: 0, line: String::new() };
        let headings: Vec<Cell> = headings.iter().map(|heading| Cell::Text((*heading).to_owned())).collect();
        writer.row(&headings, HEADING)?;
        Ok(writer)
    }

    pub fn add(&mut self, cells: &[Cell]) -> io::Result<()> {
        // More can have come since they were counted.
        if self.rows > ROWS_MAX {
            return Err(io::Error::other(format!("a sheet holds {ROWS_MAX} rows")));
        }
        self.row(cells, 0)
    }

    fn row(&mut self, cells: &[Cell], style: usize) -> io::Result<()> {
        self.rows += 1;
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        line.push_str("<row>");
        cells.iter().for_each(|cell| put(&mut line, cell, style));
        line.push_str("</row>");
        self.archive.write_all(line.as_bytes())?;
        self.line = line;
        Ok(())
    }

    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.tray.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn end(mut self: Box<Self>) -> io::Result<Vec<u8>> {
        self.archive.write_all(SHEET_END.as_bytes())?;
        let Writer { archive, tray, .. } = *self;
        drop(archive.finish()?);
        Ok(std::mem::take(&mut *tray.bytes.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Moments as day and time, amounts grouped and in the decimals that they have.
fn styles() -> String {
    let decimals = |digits: usize| if digits == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(digits)) };
    let mut formats = format!(r#"<numFmt numFmtId="{}" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/>"#, 164 + MOMENT);
    let mut uses = r#"<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>"#.to_owned();
    for style in MOMENT..=AMOUNT + DECIMALS_MAX {
        if style >= AMOUNT {
            // A text cannot fail to be written to.
            let _ = write!(formats, r#"<numFmt numFmtId="{}" formatCode="{}"/>"#, 164 + style, decimals(style - AMOUNT));
        }
        let _ = write!(uses, r#"<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#, 164 + style);
    }
    let count = DECIMALS_MAX + 2;
    format!(
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="{count}">{formats}</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="{}">{uses}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#,
        count + 2
    )
}

/// A text is never a formula here: only what stands in an element of its own is one.
fn put(line: &mut String, cell: &Cell, style: usize) {
    match cell {
        // The place of a cell follows from those before it.
        Cell::Empty => line.push_str("<c/>"),
        Cell::Text(text) => put_text(line, text, style),
        // Spreadsheets round whole numbers of more than 15 digits.
        Cell::Id(id) => put_text(line, &id.to_string(), style),
        Cell::Amount(amount, currency) => {
            let text = amount.to_decimal(usize::try_from(currency.digits()).unwrap_or(0));
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            put_number(line, &text, AMOUNT + decimals.min(DECIMALS_MAX));
        }
        Cell::Moment(moment) => match serial(*moment) {
            Some(number) => put_number(line, &number, MOMENT),
            None => put_text(line, &moment.to_utc_text(), style),
        },
    }
}

fn put_number(line: &mut String, number: &str, style: usize) {
    let _ = write!(line, r#"<c s="{style}"><v>{number}</v></c>"#);
}

fn put_text(line: &mut String, text: &str, style: usize) {
    let _ = write!(line, r#"<c s="{style}" t="inlineStr"><is><t xml:space="preserve">"#);
    for character in text.chars() {
        match character {
            '&' => line.push_str("&amp;"),
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            // XML has no other control characters.
            '\t' | '\n' => line.push(character),
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {}
            character => line.push(character),
        }
    }
    line.push_str("</t></is></c>");
}

/// The moment as spreadsheets count: days, and the part of the day in decimals.
fn serial(moment: Timestamp) -> Option<String> {
    let (whole, day) = (i128::from(moment.microseconds()), i128::from(DAY_MICROSECONDS));
    let since_zero = whole - i128::from(DAY_ZERO) * day;
    if since_zero < i128::from(DAYS_MIN) * day {
        return None;
    }
    let parts = (since_zero * DAY_PARTS + day / 2) / day;
    Some(format!("{}.{:010}", parts / DAY_PARTS, parts % DAY_PARTS))
}
