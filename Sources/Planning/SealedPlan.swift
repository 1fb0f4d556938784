package import Diagnostics
import Resources

/// A plan as a file: `{"plan":…,"seal":"…"}` and a line feed.
///
/// The seal is the SHA-256 of the bytes between `"plan":` and `,"seal"`, so that a file that was
/// altered in any byte is refused.
///
/// The seal is no signature: it keeps from accidents and from edits by hand, not from somebody who
/// can compute a digest. Apply trusts nothing in the file but what is to be done to what, and looks
/// at each host again.
package enum SealedPlan {
    private static let opening = Array(#"{"plan":"#.utf8)
    private static let middle = Array(#","seal":""#.utf8)
    private static let closing = Array("\"}\n".utf8)

    /// - Throws: when the plan can't be encoded, which a correct plan always can.
    package static func encode(_ plan: Plan) throws -> [UInt8] {
        let body = try CanonicalJSON.encode(plan)
        return opening + body + middle + Digest(of: body).hexadecimal.utf8 + closing
    }

    /// - Throws: `Failure.stalled` for what is no plan, was altered, or is of another format.
    package static func decode(_ bytes: [UInt8]) throws(Failure) -> Plan {
        let tail = middle.count + 64 + closing.count
        guard bytes.starts(with: opening), bytes.count > opening.count + tail,
            bytes.suffix(closing.count) == closing[...]
        else { throw refusal("this is not a plan that `stead plan --out` wrote") }
        let body = bytes[opening.count..<bytes.count - tail]
        let ending = middle + Digest(of: body).hexadecimal.utf8 + closing
        guard bytes.suffix(tail) == ending[...] else {
            throw refusal("the plan was altered after it was written: its seal does not match")
        }
        return try decode(body: Array(body))
    }

    private static func decode(body: [UInt8]) throws(Failure) -> Plan {
        do {
            let format = try CanonicalJSON.decode(Format.self, from: body).format
            guard format == Plan.currentFormat else {
                throw refusal(
                    "the plan has format \(format); this version reads \(Plan.currentFormat)")
            }
            let plan = try CanonicalJSON.decode(Plan.self, from: body)
            guard plan.id == Plan.identity(of: plan.revision, plan.changes) else {
                throw refusal("the plan's id is not that of its changes")
            }
            return plan
        } catch let failure as Failure {
            throw failure
        } catch {
            throw refusal("the plan can't be read", detail: "\(error)")
        }
    }

    private static func refusal(_ message: String, detail: String? = nil) -> Failure {
        .stalled(.init(message, detail: detail, fix: "make a new one with `stead plan --out FILE`"))
    }

    private struct Format: Decodable {
        var format: Int
    }
}
