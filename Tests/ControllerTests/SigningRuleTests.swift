import Controlling
import Foundation
import TestSupport
import Testing

/// Which rule holds for which commit.
@Suite struct SigningRuleTests {
    private let repository: SignedRepository

    init() throws {
        repository = try SignedRepository()
    }

    private func require(_ names: String...) throws {
        try repository.require(try names.map { try repository.line($0) })
    }

    @Test("without a rule nobody is asked; the commit that brings one has to satisfy it")
    func begin() async throws {
        try repository.requireNothing()
        let first = try repository.commit("First")
        #expect(try await repository.judge(first, after: nil) == .unasked)
        try require("ada")
        let unsigned = try repository.commit("Rule")
        for anchor in [nil, first] {
            #expect(try await repository.judge(unsigned, after: anchor).refusal != nil)
        }
        let signed = try repository.commit("Rule again", by: "ada")
        for anchor in [nil, first] {
            #expect(try await repository.judge(signed, after: anchor).signer != nil)
        }
    }

    @Test("the rule goes by a signed commit alone")
    func removal() async throws {
        try require("ada")
        let anchor = try repository.commit("Rule", by: "ada")
        try repository.requireNothing()
        let unsigned = try repository.commit("No rule")
        #expect(try await repository.judge(unsigned, after: anchor).refusal != nil)
        try require("eve")
        let own = try repository.commit("My rule", by: "eve")
        #expect(try await repository.judge(own, after: anchor).refusal != nil)

        try repository.scratch.shell("cd repo && git reset -q --hard \(anchor)")
        try repository.requireNothing()
        let signed = try repository.commit("No rule, by Ada", by: "ada")
        #expect(try await repository.judge(signed, after: anchor).signer != nil)
        let next = try repository.commit("Free")
        #expect(try await repository.judge(next, after: signed) == .unasked)
        #expect(try await repository.judge(next, after: anchor) == .unasked)
    }

    @Test("keys change hands within one push, each commit by the rule before it")
    func handover() async throws {
        try require("ada")
        let anchor = try repository.commit("Rule", by: "ada")
        try require("bob")
        try repository.commit("Bob takes over", by: "ada")
        let good = try repository.commit("By Bob", by: "bob")
        #expect(try await repository.judge(good, after: anchor).signer?.contains("bob") == true)
        let late = try repository.commit("By Ada", by: "ada")
        #expect(try await repository.judge(late, after: anchor).refusal != nil)
    }

    @Test("an unsigned commit below a signed one is refused; one that a signed merge brings is not")
    func between() async throws {
        try require("ada")
        let anchor = try repository.commit("Rule", by: "ada")
        let unsigned = try repository.commit("Unsigned")
        let above = try repository.commit("Above", by: "ada")
        let refusal = try await repository.judge(above, after: anchor).refusal ?? "none"
        #expect(refusal.contains(unsigned.prefix(7)), "\(refusal)")

        try repository.scratch.shell(
            """
            cd repo && git branch topic \(unsigned) && git reset -q --hard \(anchor)
            git -c gpg.format=ssh -c user.signingKey=../ada merge -q --no-ff -S -m Merge topic
            """)
        let merge = try repository.head
        #expect(try await repository.judge(merge, after: anchor).signer != nil)
        // What the merge brought is not for somebody else to go back to.
        #expect(try await repository.judge(unsigned, after: merge).refusal != nil)
    }

    @Test("settings that can't be read let nobody in")
    func unreadable() async throws {
        try repository.scratch.write("repo/desired/stead.yaml", "version: 1\nsource: {verify: x}\n")
        let anchor = try repository.commit("Wrong")
        let next = try repository.commit("Next", by: "ada")
        #expect(try await repository.judge(next, after: anchor).refusal != nil)
    }
}
