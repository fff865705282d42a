//! Roles and permissions: their words; who may do what is held by document.rs.

use trunkline_domain::staff::{Permission, Role};

#[test]
fn every_role_has_its_word() {
    let words: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
    assert_eq!(words, ["administrator", "support", "finance", "network", "auditor", "reseller"]);
    assert!(Role::ALL.iter().all(|role| Role::parse(role.code()) == Some(*role)));
    assert_eq!((Role::parse("root"), Role::parse("Administrator"), Role::parse("")), (None, None, None));
}

#[test]
fn every_permission_has_a_word_of_its_own_and_somebody_who_may() {
    let mut words: Vec<&str> = Permission::ALL.iter().map(|permission| permission.code()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Permission::ALL.len());
    assert!(Permission::ALL.iter().all(|permission| Role::Administrator.may(*permission)));
}

/// What each role is for: a slip in the table would show here in words.
#[test]
fn nobody_may_what_is_not_theirs() {
    use Permission::{CustomerClassRead, CustomerDelete, CustomerTerminate, TransactionPost};
    let may = |role: Role| Permission::ALL.into_iter().filter(|permission| role.may(*permission)).collect::<Vec<_>>();
    // An auditor reads, whole lists too, and changes nothing.
    let reads = |permission: &Permission| *permission == Permission::ExportRun || permission.code().ends_with(".read");
    assert!(may(Role::Auditor).iter().all(reads), "{:?}", may(Role::Auditor));
    // Money and terminations: administrators and finance.
    for role in [Role::Support, Role::Network, Role::Auditor, Role::Reseller] {
        assert!(![TransactionPost, CustomerTerminate, CustomerDelete].iter().any(|permission| role.may(*permission)), "{role:?}");
    }
    assert!(Role::Reseller.may(CustomerClassRead));
    assert!(!Role::Reseller.may(Permission::StaffRead) && !Role::Reseller.may(Permission::EventRead));
}
