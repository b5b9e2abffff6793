//! Values in the text of a JSON document, found without parsing and printing what is around them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The text of the value at a JSON pointer. Of two equal keys the first one counts.
pub fn raw_at<'a>(text: &'a str, pointer: &str) -> Result<&'a str> {
    let mut value = serde_json::from_str::<&RawValue>(text)?.get();
    for part in pointer.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        let child = if value.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(value)?;
            name.parse::<usize>().ok().and_then(|index| items.get(index).copied())
        } else {
            let Entries(entries) = serde_json::from_str(value)?;
            entries.into_iter().find_map(|(key, value)| (key == name).then_some(value))
        };
        value = child.with_context(|| format!("nothing at {pointer}"))?.get();
    }
    Ok(value)
}

/// Where the value at a JSON pointer stands in a text.
pub fn span_at(text: &str, pointer: &str) -> Result<Range<usize>> {
    let value = raw_at(text, pointer)?;
    let start = value.as_ptr() as usize - text.as_ptr() as usize;
    Ok(start..start + value.len())
}

/// An object's members in their order, equal keys included.
struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, value)) = map.next_entry::<Cow<str>, &RawValue>()? {
                    entries.push((key, value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
