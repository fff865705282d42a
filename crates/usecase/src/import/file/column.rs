//! Owns the columns of a file: which a noun knows, which of them a header names, and what is said about the others.
//! Does not own: the columns of each noun (customer.rs, account.rs, customer_class.rs) and reading cells (cell.rs).

use std::collections::HashMap;

use csv::StringRecord;

/// Columns of a file at the most.
pub const COLUMNS_MAX: usize = 200;
/// Characters of a header's cell that are compared and shown.
const NAME_CHARACTERS_MAX: usize = 40;

/// A column that files can have.
#[derive(Debug)]
pub struct Column {
    /// As the compatible face names it, or in our words where the compatible face has a number only.
    pub name: &'static str,
    /// What it says, by its native name. Columns that say the same exclude each other.
    pub field: &'static str,
    /// Words for it that people use; they lead to the column's name.
    pub other_words: &'static [&'static str],
}

pub const fn column(name: &'static str, field: &'static str, other_words: &'static [&'static str]) -> Column {
    Column { name, field, other_words }
}

/// What files of one noun can hold.
#[derive(Debug)]
pub struct Table {
    pub singular: &'static str,
    pub plural: &'static str,
    pub columns: &'static [Column],
    /// Fields that every file must have a column for.
    pub required: &'static [&'static str],
    /// Columns that people could expect here, and why they are not taken.
    pub refused: &'static [(&'static str, &'static str)],
}

impl Table {
    fn of_field(&self, field: &str) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(move |column| column.field == field)
    }
}

/// Which column of a file is which.
#[derive(Debug)]
pub struct Layout {
    pub table: &'static Table,
    places: HashMap<&'static str, usize>,
    pub width: usize,
}

/// How a header's cell is compared: letters and digits alone, small ones.
fn folded(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).take(NAME_CHARACTERS_MAX).collect()
}

/// How many cells of a header are columns of the table.
pub fn known(table: &Table, cells: &StringRecord) -> usize {
    cells.iter().filter(|cell| find(table, cell).is_some()).count()
}

fn find(table: &Table, cell: &str) -> Option<&'static Column> {
    let cell = cell.trim().to_lowercase();
    table.columns.iter().find(|column| column.name == cell)
}

impl Layout {
    /// Reads a header. All that is wrong with it is told at once.
    pub fn read(table: &'static Table, cells: &StringRecord) -> Result<Layout, Vec<String>> {
        if cells.len() > COLUMNS_MAX {
            return Err(vec![format!("{} columns; at most {COLUMNS_MAX} are read", cells.len())]);
        }
        let mut problems = Vec::new();
        let mut places: HashMap<&'static str, usize> = HashMap::new();
        let mut nothing_near = false;
        for (place, cell) in cells.iter().enumerate() {
            let Some(column) = find(table, cell) else {
                let (problem, is_near) = unknown(table, cell, place);
                nothing_near |= !is_near;
                problems.push(problem);
                continue;
            };
            if places.insert(column.name, place).is_some() {
                problems.push(format!("the column “{}” stands twice", column.name));
            }
        }
        for column in table.columns {
            let others: Vec<&str> = table.of_field(column.field).map(|one| one.name).filter(|name| places.contains_key(name)).collect();
            if let [first, second, ..] = others[..]
                && column.name == first
            {
                problems.push(format!("the columns “{first}” and “{second}” say the same; keep one of them"));
            }
        }
        for field in table.required {
            let names: Vec<String> = table.of_field(field).map(|column| format!("“{}”", column.name)).collect();
            if !table.of_field(field).any(|column| places.contains_key(column.name)) {
                problems.push(format!("the column {} is missing", names.join(" or ")));
            }
        }
        if nothing_near {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            problems.push(format!("the columns of {} are: {}", table.plural, names.join(", ")));
        }
        if problems.is_empty() { Ok(Layout { table, places, width: cells.len() }) } else { Err(problems) }
    }

    pub fn place(&self, column: &str) -> Option<usize> {
        self.places.get(column).copied()
    }

    /// The column at a place.
    pub fn name_at(&self, place: usize) -> Option<&'static str> {
        self.places.iter().find(|(_, at)| **at == place).map(|(name, _)| *name)
    }

    /// The file's column for a field, or the one it could have had.
    pub fn column_of(&self, field: &str) -> Option<&'static str> {
        let present = self.table.of_field(field).find(|column| self.places.contains_key(column.name));
        present.or_else(|| self.table.of_field(field).next()).map(|column| column.name)
    }
}

/// What is said of a cell that names no column, and whether that leads somewhere.
fn unknown(table: &Table, cell: &str, place: usize) -> (String, bool) {
    let shown: String = cell.trim().chars().take(NAME_CHARACTERS_MAX).collect();
    if shown.is_empty() {
        return (format!("column {} has no name", place + 1), true);
    }
    if let Some((name, why)) = table.refused.iter().find(|(name, _)| *name == shown.to_lowercase()) {
        return (format!("the column “{name}” is not imported: {why}"), true);
    }
    let wanted = &folded(&shown);
    let words = table.columns.iter().flat_map(|column| {
        let own = std::iter::once(column.name).chain(column.other_words.iter().copied());
        own.map(move |word| (distance(&folded(word), wanted), column.name))
    });
    let near = words.min_by_key(|(distance, _)| *distance);
    match near.filter(|(distance, _)| *distance <= (wanted.chars().count() / 3).max(1)) {
        Some((_, name)) => (format!("there is no column “{shown}”; did you mean “{name}”?"), true),
        None => (format!("there is no column “{shown}”"), false),
    }
}

/// Letters that have to be added, taken out, changed, or swapped with their neighbour to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (index, letter) in one.iter().enumerate() {
        let mut row = vec![index + 1];
        for (place, theirs) in other.iter().enumerate() {
            let changed = rows[index][place] + usize::from(letter != theirs);
            let mut best = changed.min(rows[index][place + 1] + 1).min(row[place] + 1);
            let is_swapped = index > 0 && place > 0 && *letter == other[place - 1] && one[index - 1] == *theirs;
            if is_swapped {
                best = best.min(rows[index - 1][place - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances() {
        for (one, other, expected) in
            [("", "", 0), ("a", "", 1), ("", "ab", 2), ("phone", "phone1", 1), ("kitten", "sitting", 3), ("naem", "name", 1), ("é", "e", 1)]
        {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }
}
