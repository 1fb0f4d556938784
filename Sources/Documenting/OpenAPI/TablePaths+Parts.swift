import Schemas

extension TablePaths {
    var rowReference: String { ##"{"$ref":"#/components/schemas/\##(table.typeName)"}"## }
    var manyReference: String { ##"{"$ref":"#/components/schemas/\##(table.typeName).many"}"## }
    /// What If-Match may lead to.
    var matching: [Refusal] {
        table.table.rules.requiresMatch ? [.mismatch, .matchRequired] : [.mismatch]
    }
    var matchName: String { "If-Match" }

    /// An operation, with the schema of the body that it takes.
    func write(
        _ entry: Entry, body: String? = nil, to json: inout JSONWriter,
        parameters: (inout JSONWriter) -> Void, answers: (inout JSONWriter) -> Void
    ) {
        json.object(entry.method) { operation in
            operation.member("operationId", "\(entry.verb)_\(table.identifier)")
            operation.member("summary", entry.summary)
            operation.array("tags", [table.table.name])
            writeSecurity(entry.operation, to: &operation)
            operation.array("parameters") { list in
                parameters(&list)
            }
            if let body {
                operation.object("requestBody") { request in
                    request.member("required", true)
                    request.raw("content", #"{"application/json":{"schema":\#(body)}}"#)
                }
            }
            operation.object("responses") { responses in
                answers(&responses)
                Refusal.write(Refusal.always + entry.refusals, to: &responses)
            }
        }
    }

    /// Stands in for the common parameter where If-Match must be given.
    private static let requiredMatch =
        #"{"name":"If-Match","in":"header","required":true,"#
        + #""description":"The ETag that the row was read with; else 412, without it 428.","#
        + #""schema":\#(CommonParameters.tags)}"#
    /// Where many rows are changed, that one means them as they are must be said.
    static let anyMatch =
        #"{"name":"If-Match","in":"header","required":true,"#
        + #""description":"Any version will do; without it 428.","#
        + #""schema":{"type":"string","enum":["*"]}}"#

    private func writeSecurity(_ operation: Operation, to json: inout JSONWriter) {
        guard app.app.auth != nil else { return }
        let isPublic = table.isPublic(operation)
        json.raw("security", isPublic ? #"[{},{"token":[]}]"# : #"[{"token":[]}]"#)
    }

    func refer(_ names: [String], to json: inout JSONWriter) {
        for name in names {
            guard name != "If-Match" || !table.table.rules.requiresMatch else {
                json.raw(Self.requiredMatch)
                continue
            }
            json.raw(##"{"$ref":"#/components/parameters/\##(name)"}"##)
        }
    }

    /// The key, as the path has it: composite ones with commas between.
    func writeKey(to json: inout JSONWriter) {
        let key = table.table.primaryKey
        json.array("parameters") { list in
            list.object { parameter in
                parameter.member("name", "id")
                parameter.member("in", "path")
                parameter.member("required", true)
                parameter.member("description", key.map(\.name).joined(separator: ","))
                parameter.object("schema") { schema in
                    if key.count == 1, key[0].type.base != .text, key[0].type.base != .string {
                        ValueSchema(column: key[0], use: .text).write(to: &schema)
                        return
                    }
                    schema.member("type", "string")
                    schema.member("minLength", 1)
                    let patterns = key.map { column in
                        column.type.isTextual && column.type.base != .enumeration
                            ? "[^\\u0000/,]+"
                            : ValueSchema(column: column, use: .text).pattern ?? "[^/,]+"
                    }
                    schema.member("pattern", "^\(patterns.joined(separator: ","))$")
                }
            }
        }
    }

    // MARK: - Answers

    func writeList(meta: String, to json: inout JSONWriter) {
        json.object("200") { response in
            response.member("description", "A page of rows; Link leads to the next.")
            response.object("headers") { headers in
                headers.raw("Link", #"{"schema":{"type":"string"}}"#)
                headers.raw("ETag", Self.tag)
            }
            let data = #"{"type":"array","items":\#(rowReference)}"#
            response.raw("content", Self.envelope(data, meta: meta))
        }
    }

    func writeSuccess(
        _ status: Int, _ description: String, _ data: String,
        meta: String = #"{"type":"object"}"#, to json: inout JSONWriter, hasTag: Bool = false,
        hasLocation: Bool = false
    ) {
        json.object(String(status)) { response in
            response.member("description", description)
            if hasTag {
                response.object("headers") { headers in
                    headers.raw("ETag", Self.tag)
                    if hasLocation {
                        headers.raw("Location", #"{"schema":{"type":"string"}}"#)
                    }
                }
            }
            response.raw("content", Self.envelope(data, meta: meta))
        }
    }

    static let tag = #"{"schema":{"type":"string","pattern":"^\"[!#-~]*\"$"}}"#
    static let null = #"{"type":"null"}"#
    /// The rows that a change came to, by table.
    static let affected =
        #"{"type":"object","required":["affected"],"properties":{"affected":"#
        + #"{"type":"object","additionalProperties":{"type":"integer","minimum":0}}}}"#

    static func writeUnchanged(to json: inout JSONWriter) {
        json.raw(
            "304",
            #"{"description":"It is as If-None-Match says.","#
                + #""headers":{"ETag":\#(tag)}}"#)
    }

    func writeEmpty(to json: inout JSONWriter) {
        json.raw("204", #"{"description":"Done, with Prefer: return=minimal."}"#)
    }

    static func envelope(_ data: String, meta: String) -> String {
        #"{"application/json":{"schema":{"type":"object","required":["success","data","meta"],"#
            + #""properties":{"success":{"const":true},"data":\#(data),"meta":\#(meta)}}}}"#
    }
}
