//! Owns the attributes of an answer: the lines of a NAS's reply template with the values of the decision in them.
//! Does not own: the decision (face.rs), nor the form of a line (domain/nas.rs).

use trunkline_usecase::domain::nas::{Nas, fill_reply_line, speed_of_line};
use trunkline_usecase::domain::session::Speed;

use crate::wire::attribute::{Attribute, VALUE_BYTES_MAX, VENDOR_VALUE_BYTES_MAX};
use crate::wire::dictionary::{Dictionary, LineError};
use crate::wire::value::Kind;

/// The reply to a NAS without a template: as Cisco's kind of switches and any other take it.
pub const DEFAULT: [&str; 10] = [
    "Session-Timeout = {seconds}",
    "Acct-Interim-Interval = {interim_seconds}",
    "h323-return-code = h323-return-code={return_code}",
    "h323-credit-time = h323-credit-time={announced_seconds}",
    "Cisco-AVPair = h323-ivr-in=DURATION:{seconds}",
    "h323-credit-amount = h323-credit-amount={amount}",
    "h323-billing-model = h323-billing-model={billing_model}",
    "h323-currency = h323-currency={currency}",
    "h323-preferred-lang = h323-preferred-lang={language}",
    "Reply-Message = {reason}",
];

/// What a decision says, for the placeholders of `domain::nas::PLACEHOLDERS`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    pub seconds: Option<u64>,
    pub announced_seconds: Option<u64>,
    pub interim_seconds: Option<i64>,
    /// 0 where it is granted.
    pub return_code: u32,
    /// Why it is refused.
    pub reason: Option<String>,
    pub amount: Option<String>,
    pub currency: Option<String>,
    pub language: Option<String>,
    pub billing_model: Option<u32>,
    /// None: nothing is said of speeds.
    pub speed: Option<Speed>,
}

impl Values {
    fn of(&self, word: &str) -> Option<String> {
        match word {
            "seconds" => self.seconds.map(|seconds| seconds.to_string()),
            "announced_seconds" => self.announced_seconds.map(|seconds| seconds.to_string()),
            "interim_seconds" => self.interim_seconds.map(|seconds| seconds.to_string()),
            "return_code" => Some(self.return_code.to_string()),
            "reason" => self.reason.clone(),
            "amount" => self.amount.clone(),
            "currency" => self.currency.clone(),
            "language" => self.language.clone(),
            "billing_model" => self.billing_model.map(|model| model.to_string()),
            _ => None,
        }
    }

    const fn is_granted(&self) -> bool {
        self.return_code == 0
    }
}

/// A NAS's lines whose attributes the dictionary knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Each with the speed that it is for; none: for whatever speed.
    lines: Vec<(Option<Speed>, String)>,
}

impl Template {
    /// The NAS's own lines, or those that come with the program; and what is wrong with lines, by their place, which are left out.
    pub fn of(nas: &Nas, dictionary: &Dictionary) -> (Template, Vec<(usize, LineError)>) {
        let own = nas.reply_template.as_ref().map(|lines| lines.iter().map(String::as_str).collect());
        let wanted: Vec<&str> = own.unwrap_or_else(|| DEFAULT.to_vec());
        let mut template = Template { lines: Vec::new() };
        let mut faults = Vec::new();
        for (index, line) in wanted.into_iter().enumerate() {
            let (speed, line) = speed_of_line(line);
            // A line without placeholders can be judged whole, another one by its name.
            let name = line.split_once('=').map_or(line, |(name, _)| name.trim());
            let judged = match has_placeholder(line) {
                false => dictionary.line(line).map(drop),
                true => dictionary.named(name).map(drop).ok_or_else(|| LineError::Name(name.to_owned())),
            };
            match judged {
                Ok(()) => template.lines.push((speed, line.to_owned())),
                Err(problem) => faults.push((index + 1, problem)),
            }
        }
        (template, faults)
    }

    /// The attributes for a decision. A line with a value that the decision does not have is left out; one without placeholders belongs to
    /// what is granted.
    pub fn fill(&self, values: &Values, dictionary: &Dictionary) -> Vec<Attribute> {
        let is_of_speed = |speed: Option<Speed>| speed.is_none_or(|speed| values.is_granted() && values.speed == Some(speed));
        let lines = self.lines.iter().filter(|(speed, _)| is_of_speed(*speed)).map(|(_, line)| line);
        let belongs = |line: &&String| values.is_granted() || has_placeholder(line);
        let filled = lines.filter(belongs).filter_map(|line| fill_reply_line(line, |word| values.of(word)).ok());
        filled.filter_map(|line| dictionary.line(&shortened(line, dictionary)).ok()).collect()
    }

    /// The attributes that give a session under way another speed: those of lines for this speed alone.
    pub fn of_speed(&self, speed: Speed, dictionary: &Dictionary) -> Vec<Attribute> {
        let lines = self.lines.iter().filter(|(of, line)| *of == Some(speed) && !has_placeholder(line));
        lines.filter_map(|(_, line)| dictionary.line(line).ok()).collect()
    }
}

fn has_placeholder(line: &str) -> bool {
    line.contains('{')
}

/// A text that is longer than its attribute can be loses its end.
fn shortened(mut line: String, dictionary: &Dictionary) -> String {
    let Some((name, text)) = line.split_once('=') else { return line };
    let Some(definition) = dictionary.named(name.trim()).filter(|definition| definition.kind == Kind::Text) else { return line };
    let most = if definition.id.vendor == 0 { VALUE_BYTES_MAX } else { VENDOR_VALUE_BYTES_MAX };
    let over = text.trim().len().saturating_sub(most);
    let end = line.trim_end().len() - over;
    if over > 0 {
        line.truncate(line.floor_char_boundary(end));
    }
    line
}
