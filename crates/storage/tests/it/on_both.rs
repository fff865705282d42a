//! Tests on both engines. The tests of the floors above use this file too: the root of each names `Engine`, and the files that
//! use the macro their `World`.

/// Makes one test for each engine out of each function.
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($world:ident: &mut World) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn prove($world: &mut World) $body

            #[test]
            fn on_sqlite() {
                prove(&mut World::on(crate::Engine::Sqlite));
            }

            #[test]
            fn on_postgres() {
                prove(&mut World::on(crate::Engine::Postgres));
            }
        }
    )+};
}
