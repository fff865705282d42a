//! Owns the phases of moving a customer to another installation.
//! Does not own: the move itself.

use crate::time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportPhase {
    /// Data is being copied; billing is paused here.
    Started,
    /// The copy serves there; the customer is not operational here.
    Finished,
    /// Given up; the customer is as before.
    RolledBack,
}

impl ExportPhase {
    pub const ALL: [ExportPhase; 3] = [ExportPhase::Started, ExportPhase::Finished, ExportPhase::RolledBack];

    pub const fn code(self) -> &'static str {
        match self {
            ExportPhase::Started => "started",
            ExportPhase::Finished => "finished",
            ExportPhase::RolledBack => "rolled_back",
        }
    }

    pub fn parse(code: &str) -> Option<ExportPhase> {
        ExportPhase::ALL.into_iter().find(|phase| phase.code() == code)
    }
}

/// The latest move of a customer. It restricts like a hold and has a table of its own because it has phases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub phase: ExportPhase,
    /// The installation it goes to, as staff call it.
    pub target: String,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}
