//! Owns a single attribute: its number, within a vendor's numbers or the standard's, its bytes, and its place in a packet.
//! Does not own: names and types (dictionary.rs, value.rs).

use super::packet::PacketError;

/// Bytes of a standard attribute's value at the most.
pub const VALUE_BYTES_MAX: usize = 253;
/// Bytes of a vendor's attribute's value at the most: it lies within a standard one, behind the vendor's number.
pub const VENDOR_VALUE_BYTES_MAX: usize = VALUE_BYTES_MAX - 4 - 2;
/// The attribute that carries those of vendors.
pub const VENDOR_SPECIFIC: u8 = 26;

/// What an attribute is: a number of the standard's, where `vendor` is 0, or of a vendor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeId {
    /// The enterprise number that the vendor has from IANA.
    pub vendor: u32,
    pub number: u8,
}

impl AttributeId {
    pub const fn standard(number: u8) -> AttributeId {
        AttributeId { vendor: 0, number }
    }

    pub const fn of_vendor(vendor: u32, number: u8) -> AttributeId {
        AttributeId { vendor, number }
    }

    const fn value_bytes_max(self) -> usize {
        if self.vendor == 0 { VALUE_BYTES_MAX } else { VENDOR_VALUE_BYTES_MAX }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub id: AttributeId,
    pub value: Vec<u8>,
}

impl Attribute {
    /// None: the value is longer than an attribute can be.
    pub fn new(id: AttributeId, value: impl Into<Vec<u8>>) -> Option<Attribute> {
        let value = value.into();
        (value.len() <= id.value_bytes_max()).then_some(Attribute { id, value })
    }

    /// Bytes that it takes in a packet.
    pub fn bytes(&self) -> usize {
        self.value.len() + if self.id.vendor == 0 { 2 } else { 8 }
    }
}

/// A number, a length and a value: how attributes lie in a packet, and those of vendors in theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'bytes> {
    pub number: u8,
    pub value: &'bytes [u8],
    /// Where the value begins.
    pub begin: usize,
}

/// The items that lie in `bytes`, one behind the other, up to the first that does not fit.
pub struct Items<'bytes> {
    bytes: &'bytes [u8],
    at: usize,
}

impl<'bytes> Items<'bytes> {
    /// Those that begin at `at`; their places count from the beginning of `bytes`.
    pub fn new(bytes: &'bytes [u8], at: usize) -> Items<'bytes> {
        Items { bytes, at }
    }
}

impl<'bytes> Iterator for Items<'bytes> {
    type Item = Result<Item<'bytes>, PacketError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let item = match rest {
            [number, length, tail @ ..] => {
                let value = usize::from(*length).checked_sub(2).and_then(|length| tail.get(..length));
                value.map(|value| Item { number: *number, value, begin: self.at + 2 })
            }
            _ => None,
        };
        let Some(item) = item else {
            let offset = self.at;
            self.at = self.bytes.len();
            return Some(Err(PacketError::AttributeLength { offset }));
        };
        self.at = item.begin + item.value.len();
        Some(Ok(item))
    }
}

/// Reads one attribute of a packet; one of a vendor's can hold several.
///
/// The inside of a vendor's attribute is the vendor's own affair: where it is not a row of number, length and value, it is kept as
/// it stands, under the standard's number.
pub fn read(item: Item<'_>, attributes: &mut Vec<Attribute>) {
    if item.number == VENDOR_SPECIFIC
        && let Some(inner) = of_vendor(item.value)
    {
        attributes.extend(inner);
        return;
    }
    attributes.push(Attribute { id: AttributeId::standard(item.number), value: item.value.to_vec() });
}

fn of_vendor(value: &[u8]) -> Option<Vec<Attribute>> {
    let (vendor, _) = value.split_first_chunk::<4>()?;
    let vendor = u32::from_be_bytes(*vendor);
    if vendor == 0 || value.len() == 4 {
        return None;
    }
    let inner = Items::new(value, 4).map(|item| {
        let item = item.ok()?;
        Some(Attribute { id: AttributeId::of_vendor(vendor, item.number), value: item.value.to_vec() })
    });
    inner.collect()
}

/// Writes one attribute; a vendor's each in an envelope of its own.
pub fn write(attribute: &Attribute, bytes: &mut Vec<u8>) -> Result<(), PacketError> {
    let too_long = PacketError::ValueTooLong { id: attribute.id, bytes: attribute.value.len() };
    if attribute.value.len() > attribute.id.value_bytes_max() {
        return Err(too_long);
    }
    let length = |header: usize| u8::try_from(attribute.value.len() + header).map_err(|_| too_long);
    if attribute.id.vendor != 0 {
        bytes.extend([VENDOR_SPECIFIC, length(8)?]);
        bytes.extend(attribute.id.vendor.to_be_bytes());
    }
    bytes.extend([attribute.id.number, length(2)?]);
    bytes.extend(&attribute.value);
    Ok(())
}
