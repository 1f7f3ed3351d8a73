import LandlordDomain
import StatesLanguage

/// The texts that an editor opens with.
enum SpecTemplate {
    /// A new tenant, with every field that most specs need and a word about each.
    static let text = """
        # A new tenant. Save and close to see the plan; an empty or unchanged file changes nothing.
        name: my-tenant                 # lowercase letters, digits and hyphens; choose your own
        labels: { plan: pro }
        compute:
          # provider: process           # without it, the configured default
          containers:
            - name: web
              # image: nginx:alpine     # required by docker and ecs
              command: ["python3", "-m", "http.server", "$PORT"]
              # env: { GREETING: hello }
              ports: [{ name: http, container_port: 8080, protocol: tcp }]
              health_check: { type: http, path: /, port: http, interval_seconds: 5, timeout_seconds: 2 }
          # resources: { cpu: 250, memory: 256 }                          # millicores, MiB
          # secrets: [{ name: API_KEY, source: "env:ACME_API_KEY" }]      # references only
        # callbacks: [{ url: "https://example.org/hooks/landlord", secret: "env:HOOK_SECRET" }]

        """

    /// The spec of a tenant as it is desired now.
    static func text(of tenant: Tenant) -> String {
        var document: JSONObject = ["name": .string(tenant.name)]
        if !tenant.labels.isEmpty { document["labels"] = .strings(tenant.labels) }
        if !tenant.annotations.isEmpty { document["annotations"] = .strings(tenant.annotations) }
        if case .object(let config) = tenant.desired.document {
            for (key, value) in config { document[key] = value }
        }
        return """
            # \(tenant.name), generation \(tenant.generation).
            # Save and close to see the plan; an unchanged file changes nothing.

            """ + SpecYAML.text(.object(document))
    }

    /// The mark of the lines that say what is wrong; they are taken out before the file is shown again.
    static let problemMark = "#! "

    /// The text with what is wrong with it at its top.
    static func text(_ text: String, with problems: [String]) -> String {
        let notes = problems.flatMap { $0.split(separator: "\n") }.map { problemMark + $0 }
        let heading = problemMark + "Not saved. Correct this and save again, or leave it unchanged to cancel:"
        return ([heading] + notes).joined(separator: "\n") + "\n" + withoutProblems(text)
    }

    /// The text without the lines that said what was wrong.
    static func withoutProblems(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix(problemMark) }.joined(separator: "\n")
    }

    /// Whether nothing but comments is left.
    static func isEmpty(_ text: String) -> Bool {
        text.split(separator: "\n").allSatisfy { line in
            let content = line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
            return content.isEmpty || content.hasPrefix("#")
        }
    }
}
