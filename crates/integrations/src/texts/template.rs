//! What a gateway is sent: a text with places for what is sent.

/// Read once. What is put in is escaped for where it stands and is not read again, so that nothing
/// that anybody wrote can end a value or begin another.
#[derive(Clone)]
pub struct Template(Vec<Part>);

#[derive(Clone)]
enum Part {
    Literal(String),
    Place(Place),
}

#[derive(Clone, Copy)]
enum Place {
    To,
    Text,
    Id,
    From,
}

/// How values stand in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Within the quotes of a JSON text.
    Json,
    /// In a URL or a form.
    Percent,
}

/// What can be put in.
pub(super) struct Values<'a> {
    pub(super) to: &'a str,
    pub(super) text: &'a str,
    pub(super) id: &'a str,
    pub(super) from: &'a str,
}

/// Ends every kind of value that is not escaped.
pub(super) const SAMPLE: Values<'static> = Values {
    to: "+4915112345678",
    text: "1 \"2\" \\ {to} & = % ? # <b> '\n\u{fc}",
    id: "018f0000-0000-7000-8000-000000000000",
    from: "Sample & \"Sons\"",
};

const PLACES: [(&str, Place); 4] =
    [("{to}", Place::To), ("{text}", Place::Text), ("{id}", Place::Id), ("{from}", Place::From)];

impl Template {
    pub fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        let next = |rest: &str| {
            let found = PLACES.iter().filter_map(|(name, place)| {
                rest.find(name).map(|at| (at, at + name.len(), *place))
            });
            found.min_by_key(|(at, ..)| *at)
        };
        while let Some((at, end, place)) = next(rest) {
            parts.push(Part::Literal(rest[..at].to_owned()));
            parts.push(Part::Place(place));
            rest = &rest[end..];
        }
        parts.push(Part::Literal(rest.to_owned()));
        Self(parts)
    }

    /// What stands before the first place.
    pub(super) fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Part::Literal(text)) => text,
            Some(Part::Place(_)) | None => "",
        }
    }

    pub(super) fn has_places(&self) -> bool {
        self.0.len() > 1
    }

    pub(super) fn has_text(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Place(Place::Text)))
    }

    pub(super) fn render(&self, values: &Values<'_>, escape: Escape) -> String {
        let render = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::Place(place) => escape.apply(values.get(*place)),
        };
        self.0.iter().map(render).collect()
    }
}

impl Values<'_> {
    const fn get(&self, place: Place) -> &str {
        match place {
            Place::To => self.to,
            Place::Text => self.text,
            Place::Id => self.id,
            Place::From => self.from,
        }
    }
}

impl Escape {
    fn apply(self, value: &str) -> String {
        match self {
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            // A plus means a space in a query, and itself in a path.
            Self::Percent => {
                let bytes = url::form_urlencoded::byte_serialize(value.as_bytes());
                bytes.collect::<String>().replace('+', "%20")
            }
        }
    }
}
