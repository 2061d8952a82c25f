//! Pages of lists.

use lenient_json::{FromObject, Malformed, Object};

/// Elements of a page, the most that e-conomic gives; asking for it makes for the fewest calls.
pub const PAGE_SIZE: usize = 1_000;

/// One page of a list of the legacy REST API.
///
/// Pages are asked for by number ("greater than the last"), not by position, since documents that disappear meanwhile would
/// shift the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What could be read.
    pub items: Vec<T>,
    /// What could not be read. One bad element does not spoil its page, but nobody may overlook it either.
    pub unreadable: Vec<UnreadableItem>,
    /// Whether there may be more after this page: ask again with [`last`](Self::last).
    pub full: bool,
    /// The greatest number on the page, be its element readable or not; `None` where elements have no number.
    pub last: Option<u32>,
}

/// An element of a list that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableItem {
    /// Its number, if at least that could be read.
    pub number: Option<u32>,
    /// The field that could not be read; never a value.
    pub reason: String,
}

impl<T: FromObject> Page<T> {
    /// Reads a page whose elements are numbered by the field `number`.
    pub(crate) fn read(root: &Object<'_>, number: &str) -> Result<Self, Malformed> {
        let elements = root.required("collection", Object::elements)?;
        // Without this a shorter page than was asked for would look like the last.
        let pagination = root.required("pagination", Object::object)?;
        let count = elements.len();
        let results = pagination.integer("results")?.and_then(|results| usize::try_from(results).ok());
        let full = count >= PAGE_SIZE
            || results.is_some_and(|results| results > count)
            || pagination.text("nextPage")?.is_some();
        let (items, unreadable, last) = read_elements("collection", elements, number);
        Ok(Self { items, unreadable, full, last })
    }
}

/// One page of a list of the OpenAPI host.
#[derive(Clone, Debug, PartialEq)]
pub struct CursorPage<T> {
    /// What could be read.
    pub items: Vec<T>,
    /// What could not be read.
    pub unreadable: Vec<UnreadableItem>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// Where a page begins, in e-conomic's own terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(pub(crate) String);

impl<T: FromObject> CursorPage<T> {
    /// Reads a page whose elements are numbered by the field `number`.
    pub(crate) fn read(root: &Object<'_>, number: &str) -> Result<Self, Malformed> {
        let elements = root.required("items", Object::elements)?;
        let (items, unreadable, _) = read_elements("items", elements, number);
        Ok(Self { items, unreadable, next: root.text("cursor")?.map(Cursor) })
    }
}

type Elements<T> = (Vec<T>, Vec<UnreadableItem>, Option<u32>);

fn read_elements<T: FromObject>(
    list: &str,
    elements: Vec<&serde_json::value::RawValue>,
    number_field: &str,
) -> Elements<T> {
    let (mut items, mut unreadable, mut greatest) = (Vec::with_capacity(elements.len()), Vec::new(), None);
    for (index, raw) in elements.into_iter().enumerate() {
        let element = Object::element(raw, format!("{list}[{index}]"));
        let number = element.as_ref().ok().and_then(|object| object.integer(number_field).ok().flatten());
        let number = number.and_then(|number| u32::try_from(number).ok());
        greatest = greatest.max(number);
        match element.and_then(|object| T::from_object(&object)) {
            Ok(item) => items.push(item),
            Err(problem) => unreadable.push(UnreadableItem { number, reason: problem.to_string() }),
        }
    }
    (items, unreadable, greatest)
}
