import LandlordDomain
import LandlordEngine
import StatesLanguage

extension EffectRunner {
    /// Reads what an editor left behind: cancelled, wrong, or a spec with its plan.
    func answer(to draft: SpecDraft) async -> DraftAnswer {
        do {
            let bytes = try BoundedFile.read(draft.path)
            let text = String(decoding: bytes, as: UTF8.self)
            if text == draft.written || SpecTemplate.isEmpty(text) {
                drafts.discard(draft)
                return .cancelled(text == draft.written ? "nothing was changed in the file" : "the file is empty")
            }
            let (spec, problems) = try await checked(bytes, for: draft.purpose)
            guard let spec, problems.isEmpty else {
                let corrected = try drafts.rewrite(draft, SpecTemplate.text(text, with: problems))
                return .invalid(corrected, problemCount: problems.count)
            }
            let plan = try await engine.tenants.plan(spec)
            return .planned(draft, spec, plan, isNew: draft.purpose == .provision)
        } catch let error as DocumentError {
            drafts.discard(draft)
            return .failed(error.description)
        } catch {
            drafts.discard(draft)
            return .failed("\(error)")
        }
    }

    /// The spec of a file and all that is wrong with it.
    private func checked(
        _ bytes: [UInt8], for purpose: SpecDraft.Purpose
    ) async throws -> (TenantSpec?, [String]) {
        let spec: TenantSpec
        do throws(DocumentError) {
            spec = try SpecFile.read(bytes)
        } catch {
            return (nil, error.problems.map(\.description))
        }
        var problems = engine.tenants.violations(of: spec).map(\.description)
        switch purpose {
        case .provision:
            if try await isTaken(spec.name) { problems.append("name: \(LoadRefusal.taken(spec.name))") }
        case .update(let name):
            if spec.name != name { problems.append("name: must stay '\(name)'; P provisions another tenant") }
        }
        return (spec, problems)
    }
}

/// Reads the files that an editor left behind.
///
/// The lines that said what was wrong are comments and need not be taken out first.
enum SpecFile {
    static func read(_ bytes: [UInt8]) throws(DocumentError) -> TenantSpec {
        try TenantSpecDocument.read(bytes, file: "spec")
    }

    /// The document alone, whatever it says.
    static func value(_ text: String) throws(DocumentError) -> JSONValue {
        try YAMLDocument.read(text, file: "spec").json
    }
}
