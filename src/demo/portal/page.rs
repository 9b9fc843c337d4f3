//! The portal's pages for people.

use super::form;
use super::reply::Reply;

/// A page made of a template and values. `@@NAME@@` in the template stands for a value, shown as text whatever is
/// in it; `@@STYLE@@` for the style sheet all pages share.
pub(super) fn page(status: u16, template: &str, values: &[(&str, &str)]) -> Reply {
    let mut html = String::with_capacity(template.len() * 2);
    for (at, part) in template.split("@@").enumerate() {
        // Every second part stands between two marks. Values are never searched for marks.
        match part {
            text if at % 2 == 0 => html.push_str(text),
            "STYLE" => html.push_str(include_str!("../../../templates/demo/style.css")),
            name => {
                let value = values.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value);
                html.push_str(&form::escape_html(value));
            }
        }
    }
    Reply::html(status, html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_text() {
        let reply = page(200, "<p title=\"@@A@@\">@@A@@ @@B@@</p>", &[("A", "<\"@@B@@>"), ("B", "b")]);
        let html = String::from_utf8(reply.body).unwrap();
        assert_eq!(html, "<p title=\"&lt;&quot;@@B@@&gt;\">&lt;&quot;@@B@@&gt; b</p>");
    }
}
