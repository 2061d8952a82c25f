//! Pages of lists.

use lenient_json::{FromObject, Malformed, Object};

/// Largest page that Fortnox gives; asking for it makes for the fewest calls.
pub const LARGEST_PAGE: u32 = 500;

/// How `lastmodified` is written, in Swedish time.
pub(crate) const LAST_MODIFIED: &str = "%Y-%m-%d %H:%M";

/// One page of a list.
///
/// Pages move while data change: go through them in ascending order and drop repeated document numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What could be read.
    pub items: Vec<T>,
    /// What could not be read. One bad element does not spoil its page, but nobody may overlook it either.
    pub unreadable: Vec<UnreadableItem>,
    /// This page, from 1.
    pub current_page: u32,
    /// How many pages there are; 0 for an empty list.
    pub total_pages: u32,
    /// How many elements there are on all pages, as Fortnox counts them.
    pub total_resources: u64,
}

/// An element of a list that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableItem {
    /// Its number, if at least that could be read.
    pub document_number: Option<String>,
    /// The field that could not be read; never a value.
    pub reason: String,
}

impl<T> Page<T> {
    /// The number of the next page, if there is one.
    pub const fn next_page(&self) -> Option<u32> {
        if self.current_page < self.total_pages { Some(self.current_page + 1) } else { None }
    }

    /// Keeps the elements that really match.
    pub(crate) fn retain(mut self, matches: impl FnMut(&T) -> bool) -> Self {
        self.items.retain(matches);
        self
    }
}

impl<T> Page<T> {
    /// Reads a page whose elements are under `list`.
    pub(crate) fn read(root: &Object<'_>, list: &str) -> Result<Self, Malformed>
    where
        T: FromObject,
    {
        // Without the totals the end of the list is unknown, and what is on later pages would be missed in silence.
        let meta = root.required("MetaInformation", Object::object)?;
        let count = |name: &str| -> Result<u32, Malformed> {
            let number = meta.required(name, Object::integer)?;
            u32::try_from(number)
                .map_err(|_| Malformed::NotA { field: format!("MetaInformation.{name}"), expected: "a count" })
        };
        let mut page = Self {
            items: Vec::new(),
            unreadable: Vec::new(),
            current_page: count("@CurrentPage")?,
            total_pages: count("@TotalPages")?,
            total_resources: count("@TotalResources")?.into(),
        };
        for (index, raw) in root.required(list, Object::elements)?.into_iter().enumerate() {
            let element = Object::element(raw, format!("{list}[{index}]"));
            let document_number = element.as_ref().ok().and_then(|object| object.text("DocumentNumber").ok().flatten());
            match element.and_then(|object| T::from_object(&object)) {
                Ok(item) => page.items.push(item),
                Err(problem) => page.unreadable.push(UnreadableItem { document_number, reason: problem.to_string() }),
            }
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::contracts::ContractListItem;

    fn page(text: &str) -> Result<Page<ContractListItem>, Malformed> {
        Page::read(&Object::root(text).unwrap(), "Contracts")
    }

    #[test]
    fn an_empty_list_has_no_next_page() {
        let page = page(r#"{"MetaInformation":{"@TotalResources":0,"@TotalPages":0,"@CurrentPage":1},"Contracts":[]}"#);
        let page = page.unwrap();
        assert_eq!((page.items.len(), page.next_page()), (0, None));
    }

    #[test]
    fn one_bad_element_is_reported_and_spoils_no_other() {
        let page = page(
            r#"{"MetaInformation":{"@TotalResources":"4","@TotalPages":2,"@CurrentPage":"1"},"Contracts":[
                {"DocumentNumber":"1","CustomerNumber":"7"},
                {"DocumentNumber":2,"CustomerNumber":"7","CustomerName":"Hemlig AB","PeriodStart":"hemligt"},
                17,
                {"DocumentNumber":3,"CustomerNumber":7}]}"#,
        )
        .unwrap();
        let numbers: Vec<_> = page.items.iter().map(|item| item.document_number.as_str()).collect();
        assert_eq!(numbers, ["1", "3"]);
        assert_eq!(page.next_page(), Some(2));
        assert_eq!(page.unreadable[0].document_number.as_deref(), Some("2"));
        assert_eq!(page.unreadable[0].reason, "Contracts[1].PeriodStart is not a date (YYYY-MM-DD)");
        assert_eq!(page.unreadable[1].document_number, None);
    }

    #[test]
    fn a_page_without_totals_or_list_is_no_page() {
        assert!(page(r#"{"Contracts":[]}"#).is_err());
        assert!(page(r#"{"MetaInformation":{"@TotalResources":1,"@TotalPages":1,"@CurrentPage":1}}"#).is_err());
        assert!(page(r#"{"MetaInformation":{"@TotalResources":1,"@CurrentPage":1},"Contracts":[]}"#).is_err());
    }
}
