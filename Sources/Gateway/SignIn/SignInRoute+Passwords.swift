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

    /// A new password, hashed.
    func hashed(_ password: String, field: String) async throws(APIError) -> String {
        guard password.unicodeScalars.count >= ServingLimits.passwordCharacters else {
            let message =
                "must have at least \(ServingLimits.passwordCharacters) characters"
            throw .invalid([.init(field: field, code: "too_short", message: message)])
        }
        return try await working { try PasswordHasher().hash(password) }
    }
}
