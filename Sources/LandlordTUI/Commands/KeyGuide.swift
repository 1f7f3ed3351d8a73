/// The page of all keys, written from the table; a test compares `docs/keys.md` with it.
enum KeyGuide {
    static var markdown: String {
        var lines = [
            "# Keys", "",
            "Written from the table of commands; `docs/console.md` says how the console works.",
            "Lowercase keys look, capitals change, and no key changes anything without a question.",
            "The word in the second column does the same after `:`.", "",
        ]
        for section in Binding.Section.allCases {
            lines += ["## \(section.rawValue)", "", "| Key | Command | What it does | Where | On the shell |"]
            lines.append("|---|---|---|---|---|")
            for binding in Bindings.all where binding.section == section {
                let keys = binding.keys.map { "`\($0.name)`" }.joined(separator: " ")
                let shell = binding.commandLine.isEmpty ? "" : "`\(binding.commandLine)`"
                lines.append(
                    "| \(keys) | `\(binding.verb)` | \(binding.title) | \(places(binding.scopes)) | \(shell) |")
            }
            lines.append("")
        }
        return lines.dropLast().joined(separator: "\n") + "\n"
    }

    private static func places(_ scopes: Set<Scope>) -> String {
        if scopes.count == Scope.allCases.count { return "everywhere" }
        let names = Scope.allCases.filter(scopes.contains).map { scope in
            switch scope {
            case .tenants: "tenants"
            case .executions: "executions"
            case .causes: "causes"
            case .callbacks: "callbacks"
            case .tenant: "a tenant"
            case .execution: "an execution"
            case .callback: "a callback"
            case .runs: "runs"
            case .run: "a run"
            case .approvals: "approvals"
            case .approval: "an approval"
            case .schedules: "schedules"
            case .schedule: "a schedule"
            }
        }
        return names.joined(separator: ", ")
    }
}
