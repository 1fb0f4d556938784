/// HTML; all text is escaped, as only the names of elements are taken as they are.
struct HTMLWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 1 << 16) {
        bytes.reserveCapacity(capacity)
    }

    /// Markup of our own.
    mutating func raw(_ markup: StaticString) {
        markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Text, escaped so that it also may stand in a quoted attribute.
    mutating func text(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "<"): raw("&lt;")
            case UInt8(ascii: ">"): raw("&gt;")
            case UInt8(ascii: "\""): raw("&quot;")
            case UInt8(ascii: "'"): raw("&#39;")
            case 0: raw("\u{FFFD}")
            default: bytes.append(byte)
            }
        }
    }

    /// An element around what `body` writes.
    mutating func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ body: (inout HTMLWriter) -> Void
    ) {
        raw("<")
        raw(name)
        for (attribute, value) in attributes {
            raw(" ")
            raw(attribute)
            raw("=\"")
            text(value)
            raw("\"")
        }
        raw(">")
        body(&self)
        raw("</")
        raw(name)
        raw(">\n")
    }

    /// An element around a text.
    mutating func element(_ name: StaticString, _ content: String) {
        element(name) { $0.text(content) }
    }

    mutating func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>,
        _ content: String
    ) {
        element(name, attributes) { $0.text(content) }
    }

    /// A sentence whose parts in backquotes are code.
    mutating func sentence(_ text: String) {
        element("p") { html in
            for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false)
                .enumerated()
            {
                if index.isMultiple(of: 2) {
                    html.text(String(part))
                } else {
                    html.raw("<code>")
                    html.text(String(part))
                    html.raw("</code>")
                }
            }
        }
    }

    /// What one types.
    mutating func example(_ lines: String) {
        element("pre") { html in
            html.raw("<code>")
            html.text(lines)
            html.raw("</code>")
        }
    }

    /// A table with one row of headings; a cell's text is code where its column is told so.
    mutating func table(_ caption: String, _ headings: [String], _ rows: [[String]], code: Set<Int>)
    {
        raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"")
        text(caption)
        raw("\">\n<table>\n")
        element("caption", caption)
        element("thead") { html in
            html.element("tr") { row in
                for heading in headings { row.element("th", ["scope": "col"], heading) }
            }
        }
        element("tbody") { html in
            for cells in rows {
                html.element("tr") { row in
                    for (index, cell) in cells.enumerated() {
                        row.element("td") { html in
                            guard code.contains(index), !cell.isEmpty else {
                                return html.text(cell)
                            }
                            html.element("code", cell)
                        }
                    }
                }
            }
        }
        raw("</table>\n</div>\n")
    }
}
