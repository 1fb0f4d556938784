import Identity
import NIOPosix
import Schemas

/// New passwords, and the work that hashing is.
extension SignInRoute {
    /// Hashing takes its time: on threads of its own, so that nobody else waits.
    func working<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws(APIError) -> Value {
        do {
            return try await NIOThreadPool.singleton.runIfActive(body)
        } catch let error as PasswordError {
            throw Self.refusal(error)
        } catch {
            throw APIError(500, "internal", "something went wrong here", detail: "\(error)")
        }
    }

    private static func refusal(_ error: PasswordError) -> APIError {
        let message =
            switch error {
            case .empty: "must not be empty"
            case .tooLong: "must have at most 72 bytes"
            case .holdsNUL: "must not hold the character NUL"
            default: "can't be used"
            }
        return .invalid([.init(field: "password", code: "password", message: message)])
    }

    /// What is wrong with the password of somebody who registers, before it is hashed.
    func passwordProblems(_ value: JSONValue?) -> [APIError.FieldProblem] {
        guard let value else {
            return [.init(field: "password", code: "required", message: "is required")]
        }
        guard let text = value.string else {
            return [.init(field: "password", code: "type", message: "must be a string")]
        }
        if text.isEmpty {
            return [.init(field: "password", code: "required", message: "must not be empty")]
        }
        return Self.isTooShort(text) ? [Self.tooShort("password")] : []
    }

    private static func isTooShort(_ password: String) -> Bool {
        password.unicodeScalars.count < ServingLimits.passwordCharacters
    }

    private static func tooShort(_ field: String) -> APIError.FieldProblem {
        .init(
            field: field, code: "too_short",
            message: "must have at least \(ServingLimits.passwordCharacters) characters")
    }

    /// A new password, hashed.
    func hashed(_ password: String, field: String) async throws(APIError) -> String {
        guard !Self.isTooShort(password) else { throw .invalid([Self.tooShort(field)]) }
        return try await working { try PasswordHasher().hash(password) }
    }
}
