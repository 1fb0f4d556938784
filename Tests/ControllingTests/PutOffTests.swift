import Storage
import Testing

@testable import Controlling

/// When what failed is tried again, by a clock that people set.
@Suite struct PutOffTests {
    private func condition(_ state: Condition.State, retryAt: Int?) -> Condition {
        Condition(
            subject: "file/motd", state, "no", revision: "c0ffee", since: 1000, retryAt: retryAt)
    }

    @Test("what failed is put off until its time, and no longer than anything ever is")
    func clockPutBack() {
        #expect(condition(.retrying, retryAt: 1010).isPutOff(at: 1000))
        #expect(!condition(.retrying, retryAt: 1010).isPutOff(at: 1010))
        #expect(!condition(.retrying, retryAt: nil).isPutOff(at: 1000))
        // Set three days later, by a clock that has been put back since.
        #expect(!condition(.retrying, retryAt: 260_200).isPutOff(at: 1000))
    }

    @Test("what a person has put off stays so, however long")
    func suspended() {
        #expect(condition(.held, retryAt: 260_200).isPutOff(at: 1000))
    }
}
