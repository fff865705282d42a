//! Owns roles, and the one table of what each role may do.
//! Does not own: signing in, and the reseller scope of a member of staff (usecase/actor.rs).

/// Longest login, in characters.
pub const LOGIN_CHARACTERS_MAX: usize = 64;
/// A password has at least this many characters.
pub const PASSWORD_CHARACTERS_MIN: usize = 10;
/// A password has at most this many bytes: hashing is dear and its input bounded.
pub const PASSWORD_BYTES_MAX: usize = 256;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Administrator,
    Support,
    Finance,
    Network,
    Auditor,
    /// Staff of a reseller: sees and does nothing outside its own customers.
    Reseller,
}

/// One thing a person can want of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    CustomerRead,
    CustomerCreate,
    CustomerUpdate,
    CustomerBlock,
    CustomerLiftSuspension,
    CustomerTerminate,
    CustomerRestore,
    CustomerDelete,
    TransactionPost,
    AccountRead,
    AccountCreate,
    AccountUpdate,
    XdrRead,
    /// Reverse what was charged, give a part back, charge it anew.
    XdrCorrect,
    CustomerClassRead,
    CustomerClassWrite,
    TariffRead,
    TariffWrite,
    NasRead,
    NasWrite,
    ProductRead,
    ProductWrite,
    /// Give products to accounts and resellers, and take them away.
    ProductAssign,
    /// Authorize and charge usage, as a switch does.
    UsageCharge,
    SessionRead,
    /// Have a switch end a session.
    SessionDisconnect,
    DidRead,
    /// Keep the inventory of numbers.
    DidWrite,
    /// Give numbers to customers and accounts, and take them back.
    DidAssign,
    /// Load files of many records.
    ImportRun,
    /// Save whole lists as files.
    ExportRun,
    StaffRead,
    StaffWrite,
    /// Share an own view of a list, and change what others have shared.
    SavedViewShare,
    /// Delete what others have shared.
    SavedViewDelete,
    EventRead,
    ClockAdvance,
}

impl Role {
    pub const ALL: [Role; 6] = [Role::Administrator, Role::Support, Role::Finance, Role::Network, Role::Auditor, Role::Reseller];

    pub const fn code(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Support => "support",
            Role::Finance => "finance",
            Role::Network => "network",
            Role::Auditor => "auditor",
            Role::Reseller => "reseller",
        }
    }

    pub fn parse(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }

    pub fn may(self, permission: Permission) -> bool {
        permission.roles().contains(&self)
    }
}

impl Permission {
    pub const ALL: [Permission; 37] = [
        Permission::CustomerRead,
        Permission::CustomerCreate,
        Permission::CustomerUpdate,
        Permission::CustomerBlock,
        Permission::CustomerLiftSuspension,
        Permission::CustomerTerminate,
        Permission::CustomerRestore,
        Permission::CustomerDelete,
        Permission::TransactionPost,
        Permission::AccountRead,
        Permission::AccountCreate,
        Permission::AccountUpdate,
        Permission::XdrRead,
        Permission::XdrCorrect,
        Permission::CustomerClassRead,
        Permission::CustomerClassWrite,
        Permission::TariffRead,
        Permission::TariffWrite,
        Permission::NasRead,
        Permission::NasWrite,
        Permission::ProductRead,
        Permission::ProductWrite,
        Permission::ProductAssign,
        Permission::UsageCharge,
        Permission::SessionRead,
        Permission::SessionDisconnect,
        Permission::DidRead,
        Permission::DidWrite,
        Permission::DidAssign,
        Permission::ImportRun,
        Permission::ExportRun,
        Permission::StaffRead,
        Permission::StaffWrite,
        Permission::SavedViewShare,
        Permission::SavedViewDelete,
        Permission::EventRead,
        Permission::ClockAdvance,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Permission::CustomerRead => "customer.read",
            Permission::CustomerCreate => "customer.create",
            Permission::CustomerUpdate => "customer.update",
            Permission::CustomerBlock => "customer.block",
            Permission::CustomerLiftSuspension => "customer.lift_suspension",
            Permission::CustomerTerminate => "customer.terminate",
            Permission::CustomerRestore => "customer.restore",
            Permission::CustomerDelete => "customer.delete",
            Permission::TransactionPost => "transaction.post",
            Permission::AccountRead => "account.read",
            Permission::AccountCreate => "account.create",
            Permission::AccountUpdate => "account.update",
            Permission::XdrRead => "xdr.read",
            Permission::XdrCorrect => "xdr.correct",
            Permission::CustomerClassRead => "customer_class.read",
            Permission::CustomerClassWrite => "customer_class.write",
            Permission::TariffRead => "tariff.read",
            Permission::TariffWrite => "tariff.write",
            Permission::NasRead => "nas.read",
            Permission::NasWrite => "nas.write",
            Permission::ProductRead => "product.read",
            Permission::ProductWrite => "product.write",
            Permission::ProductAssign => "product.assign",
            Permission::UsageCharge => "usage.charge",
            Permission::SessionRead => "session.read",
            Permission::SessionDisconnect => "session.disconnect",
            Permission::DidRead => "did.read",
            Permission::DidWrite => "did.write",
            Permission::DidAssign => "did.assign",
            Permission::ImportRun => "import.run",
            Permission::ExportRun => "export.run",
            Permission::StaffRead => "staff.read",
            Permission::StaffWrite => "staff.write",
            Permission::SavedViewShare => "saved_view.share",
            Permission::SavedViewDelete => "saved_view.delete",
            Permission::EventRead => "event.read",
            Permission::ClockAdvance => "clock.advance",
        }
    }

    /// Who may.
    const fn roles(self) -> &'static [Role] {
        use Role::{Administrator, Auditor, Finance, Network, Reseller, Support};
        match self {
            Permission::CustomerRead | Permission::AccountRead | Permission::XdrRead => {
                &[Administrator, Support, Finance, Network, Auditor, Reseller]
            }
            Permission::CustomerCreate | Permission::CustomerUpdate => &[Administrator, Support, Finance, Reseller],
            Permission::CustomerBlock => &[Administrator, Support, Finance, Reseller],
            Permission::CustomerLiftSuspension => &[Administrator, Support, Finance],
            Permission::CustomerTerminate | Permission::CustomerRestore => &[Administrator, Finance],
            Permission::CustomerDelete => &[Administrator],
            Permission::TransactionPost | Permission::XdrCorrect => &[Administrator, Finance],
            Permission::AccountCreate | Permission::AccountUpdate => &[Administrator, Support, Network, Reseller],
            Permission::CustomerClassRead => &[Administrator, Support, Finance, Network, Auditor, Reseller],
            Permission::NasRead => &[Administrator, Network, Auditor],
            Permission::NasWrite => &[Administrator, Network],
            Permission::CustomerClassWrite | Permission::TariffWrite | Permission::ProductWrite => &[Administrator, Finance],
            Permission::ProductAssign => &[Administrator, Support, Network],
            Permission::UsageCharge => &[Administrator, Network],
            Permission::SessionRead => &[Administrator, Support, Finance, Network, Auditor, Reseller],
            Permission::SessionDisconnect => &[Administrator, Support, Network, Reseller],
            Permission::DidWrite => &[Administrator, Network],
            Permission::DidAssign => &[Administrator, Support, Network],
            Permission::TariffRead | Permission::ProductRead | Permission::DidRead => &[Administrator, Support, Finance, Network, Auditor],
            Permission::ImportRun => &[Administrator],
            Permission::ExportRun => &[Administrator, Finance, Auditor, Reseller],
            Permission::StaffRead => &[Administrator, Auditor],
            Permission::StaffWrite | Permission::SavedViewDelete => &[Administrator],
            Permission::SavedViewShare => &[Administrator, Support, Finance, Network, Reseller],
            Permission::EventRead => &[Administrator, Network, Auditor],
            Permission::ClockAdvance => &[Administrator],
        }
    }
}
