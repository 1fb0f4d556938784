import Schemas

/// Schemas that every app has.
enum CommonSchemas {
    static func write(to json: inout JSONWriter) {
        json.object("Error") { error in
            error.member("type", "object")
            error.array("required", ["success", "code", "message", "trace_id"])
            error.object("properties") { properties in
                properties.raw("success", #"{"const":false}"#)
                properties.raw("code", #"{"type":"string","pattern":"^[a-z0-9_]+$"}"#)
                properties.raw("message", #"{"type":"string"}"#)
                properties.raw("trace_id", #"{"type":"string"}"#)
                properties.raw(
                    "errors",
                    ##"{"type":"array","items":{"$ref":"#/components/schemas/Problem"}}"##)
            }
        }
        json.object("Problem") { problem in
            problem.member("type", "object")
            problem.array("required", ["field", "code", "message"])
            problem.object("properties") { properties in
                for name in ["field", "code", "message"] {
                    properties.raw(name, #"{"type":"string"}"#)
                }
            }
        }
        json.object("ListMeta") { meta in
            meta.member("type", "object")
            meta.array("required", ["count", "limit", "offset", "next_cursor"])
            meta.object("properties") { properties in
                properties.raw("count", #"{"type":["integer","null"],"minimum":0}"#)
                properties.raw("limit", #"{"type":"integer","minimum":1}"#)
                properties.raw("offset", #"{"type":"integer","minimum":0}"#)
                properties.raw("next_cursor", #"{"type":["string","null"]}"#)
            }
        }
    }
}

/// Parameters that every app has, to be referred to by name.
struct CommonParameters {
    let limits: ServingLimits

    init(_ limits: ServingLimits) {
        self.limits = limits
    }

    func write(to json: inout JSONWriter) {
        query(
            "limit",
            #"{"type":"integer","minimum":1,"maximum":\#(limits.pageRows),"#
                + #""default":\#(limits.usualPageRows)}"#,
            "The most rows of the page.", to: &json)
        query(
            "offset",
            #"{"type":"integer","minimum":0,"maximum":\#(ServingLimits.offset),"default":0}"#,
            "How many rows to leave out first.", to: &json)
        query(
            "cursor", #"{"type":"string","minLength":1,"pattern":"^[A-Za-z0-9_-]+$"}"#,
            "`next_cursor` of the page before; holds for the same filters and order only.",
            to: &json)
        query(
            "count", #"{"type":"string","enum":["exact","estimated","none"]}"#,
            "How `meta.count` is found.", to: &json)
        query(
            "include_deleted", #"{"type":"boolean","default":false}"#,
            "Whether rows that were deleted softly are there too.", to: &json)
        query(
            "max-affected",
            #"{"type":"integer","minimum":1,"maximum":\#(ServingLimits.writtenRows)}"#,
            "The most rows that may be concerned; with more, nothing is done (409).",
            isRequired: true, to: &json)
        header(
            "If-Match", Self.tags, "The ETag that the row was read with; else 412.", to: &json)
        header(
            "If-None-Match", #"{"type":"string"}"#,
            "ETags, with commas between; 304 when one of them is still that of the answer.",
            examples: ["\"88733d16a6067f11\""], to: &json)
        let text =
            "`return=minimal`: no row in the answer. `tx=rollback`: a dry run. What is not known "
            + "is left aside."
        header(
            "Prefer", #"{"type":"string"}"#, text,
            examples: ["return=representation", "return=minimal", "tx=rollback"], to: &json)
        header(
            "PreferUpsert", "Prefer", #"{"type":"string"}"#,
            text + " `resolution=merge` changes a row that is there already, `resolution=ignore` "
                + "leaves it.",
            examples: [
                "return=representation", "return=minimal", "resolution=merge",
                "resolution=ignore, tx=rollback",
            ], to: &json)
    }

    /// Any version, or some.
    static let tags: String = {
        let tag = #"(W/)?\"[!#-+.-~-]*\""#
        return #"{"anyOf":[{"type":"string","enum":["*"]},"#
            + #"{"type":"string","pattern":"^\#(tag)(, ?\#(tag))*$"}]}"#
    }()

    private func query(
        _ name: String, _ schema: String, _ description: String, isRequired: Bool = false,
        to json: inout JSONWriter
    ) {
        write(name, name, "query", schema, description, isRequired, to: &json)
    }

    private func header(
        _ name: String, _ schema: String, _ description: String, examples: [String] = [],
        to json: inout JSONWriter
    ) {
        header(name, name, schema, description, examples: examples, to: &json)
    }

    private func header(
        _ key: String, _ name: String, _ schema: String, _ description: String,
        examples: [String] = [], to json: inout JSONWriter
    ) {
        write(key, name, "header", schema, description, false, examples, to: &json)
    }

    private func write(
        _ key: String, _ name: String, _ place: String, _ schema: String, _ description: String,
        _ isRequired: Bool, _ examples: [String] = [], to json: inout JSONWriter
    ) {
        json.object(key) { parameter in
            parameter.member("name", name)
            parameter.member("in", place)
            parameter.member("description", description)
            if isRequired { parameter.member("required", true) }
            parameter.raw("schema", schema)
            guard !examples.isEmpty else { return }
            parameter.object("examples") { list in
                for example in examples {
                    list.object(example) { $0.member("value", example) }
                }
            }
        }
    }
}
