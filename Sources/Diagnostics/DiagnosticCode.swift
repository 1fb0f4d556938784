/// A message's stable name. Codes are unique and never reused; `docs/messages.md` has a section
/// for each, and a test holds the two together.
package enum DiagnosticCode: String, CaseIterable, Sendable, Codable {
    // YAML: the text itself.
    case yamlSyntax = "YAML001"
    case yamlEncoding = "YAML002"
    case yamlDuplicateKey = "YAML003"
    case yamlTooLarge = "YAML004"
    case yamlTooDeep = "YAML005"
    case yamlAliases = "YAML006"
    case yamlKey = "YAML007"
    case yamlTag = "YAML008"

    // MAN0xx: a tree and its files.
    case treeEmpty = "MAN001"
    case treeUnreadable = "MAN002"
    case fileTooLarge = "MAN003"
    case settingsMisplaced = "MAN004"
    case versionUnsupported = "MAN005"
    case entryIgnored = "MAN006"

    // MAN1xx: one document, and what it refers to.
    case documentShape = "MAN100"
    case kindUnknown = "MAN101"
    case fieldUnknown = "MAN102"
    case fieldMissing = "MAN103"
    case referenceUnknown = "MAN104"
    case fieldType = "MAN105"
    case fieldValue = "MAN106"
    case fieldConflict = "MAN108"
    case fieldIgnored = "MAN109"
    case rowsOpen = "MAN110"

    // MAN2xx: documents against each other.
    case addressDuplicate = "MAN201"
    case claimConflict = "MAN202"
    case referenceCycle = "MAN203"
    case serverLacks = "MAN204"

    // POL: policies, and their expressions.
    case policyDenies = "POL001"
    case policyWarns = "POL002"
    case expressionSyntax = "POL101"
    case expressionName = "POL102"
    case expressionUnanswerable = "POL103"

    // TPL: templates.
    case templateMissing = "TPL001"
    case templateSyntax = "TPL002"
    case templateVariable = "TPL003"
    case templateDuplicate = "TPL004"

    // GIT: where desired state comes from.
    case gitRepository = "GIT001"
    case gitReference = "GIT002"
    case gitFetch = "GIT003"
    case gitUncommitted = "GIT004"
}
