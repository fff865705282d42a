//! Owns who a customer is and how it is reached: the names and limits of those fields.
//! Does not own: what faces call them.

macro_rules! contact {
    ($($(#[$doc:meta])* $field:ident: $characters_max:literal),+ $(,)?) => {
        /// A customer's name and address fields. None is mandatory.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Contact { $($(#[$doc])* pub $field: Option<String>),+ }

        impl Contact {
            /// Name and longest length in characters of each field, in the order of `fields`.
            pub const LIMITS: &[(&'static str, usize)] = &[$((stringify!($field), $characters_max)),+];

            pub fn fields(&self) -> [&Option<String>; Contact::LIMITS.len()] {
                [$(&self.$field),+]
            }

            pub fn fields_mut(&mut self) -> [&mut Option<String>; Contact::LIMITS.len()] {
                [$(&mut self.$field),+]
            }
        }
    };
}

contact! {
    company_name: 100,
    salutation: 15,
    first_name: 120,
    middle_name: 5,
    last_name: 120,
    address_line_1: 41,
    address_line_2: 167,
    city: 31,
    state: 21,
    postal_code: 13,
    /// ISO 3166-1 alpha-2.
    country: 2,
    contact: 120,
    phone_1: 20,
    phone_2: 20,
    fax: 20,
    email: 128,
    /// Comma list.
    bcc: 99,
    tax_id: 16,
    notes: 4000,
}

impl Contact {
    /// The field called `name`, if there is one.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut Option<String>> {
        let index = Contact::LIMITS.iter().position(|(field, _)| *field == name)?;
        self.fields_mut().into_iter().nth(index)
    }
}
