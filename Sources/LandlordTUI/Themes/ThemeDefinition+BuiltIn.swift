extension ThemeDefinition {
    /// The name of the theme that needs no file.
    public static let builtInName = "terminal"

    /// The theme that every other one ends in: the user's own sixteen colours on the default background.
    ///
    /// It defines every role, so that a role always has a style whatever the files say. `themes/terminal.yaml` says
    /// the same, as an example to copy; a test keeps the two alike.
    public static let builtIn = ThemeDefinition(
        name: builtInName, inherits: nil, variant: .any,
        styles: [
            .text: StyleSpec(),
            .title: StyleSpec(foreground: .named(.cyan), attributes: .bold),
            .border: StyleSpec(foreground: .named(.brightBlack)),
            .header: StyleSpec(attributes: .bold),
            .cursor: StyleSpec(attributes: .reverse),
            .mark: StyleSpec(foreground: .named(.yellow), attributes: .bold),
            .changed: StyleSpec(foreground: .named(.cyan), attributes: .bold),
            .stale: StyleSpec(attributes: .dim),
            .muted: StyleSpec(foreground: .named(.brightBlack)),
            .key: StyleSpec(foreground: .named(.cyan)),
            .changeKey: StyleSpec(foreground: .named(.yellow), attributes: .bold),
            .filter: StyleSpec(foreground: .named(.yellow)),
            .count: StyleSpec(),
            .sort: StyleSpec(foreground: .named(.brightBlack)),
            .tab: StyleSpec(),
            .activeTab: StyleSpec(attributes: [.bold, .reverse]),
            .input: StyleSpec(attributes: .underline),
            .invalid: StyleSpec(foreground: .named(.red), attributes: .underline),
            .protected: StyleSpec(foreground: .named(.red), attributes: [.bold, .reverse]),
            .live: StyleSpec(foreground: .named(.green)),
            .why: StyleSpec(attributes: .italic),
            .toastInfo: StyleSpec(attributes: .reverse),
            .toastWarning: StyleSpec(foreground: .named(.yellow), attributes: .reverse),
            .toastError: StyleSpec(foreground: .named(.red), attributes: [.bold, .reverse]),
            .requested: StyleSpec(),
            .planning: StyleSpec(foreground: .named(.cyan)),
            .provisioning: StyleSpec(foreground: .named(.cyan)),
            .waiting: StyleSpec(),
            .backingOff: StyleSpec(foreground: .named(.yellow)),
            .ready: StyleSpec(foreground: .named(.green)),
            .deleting: StyleSpec(foreground: .named(.yellow)),
            .archived: StyleSpec(foreground: .named(.brightBlack)),
            .failed: StyleSpec(foreground: .named(.red), attributes: .bold),
            .timedOut: StyleSpec(foreground: .named(.red)),
            .cancelled: StyleSpec(foreground: .named(.brightBlack)),
        ],
        mono: [
            .muted: StyleSpec(attributes: .dim),
            .sort: StyleSpec(attributes: .dim),
            .mark: StyleSpec(attributes: .bold),
            .key: StyleSpec(attributes: .bold),
            .changeKey: StyleSpec(attributes: [.bold, .underline]),
            .provisioning: StyleSpec(attributes: .underline),
            .waiting: StyleSpec(attributes: .dim),
            .backingOff: StyleSpec(attributes: .underline),
            .deleting: StyleSpec(attributes: .underline),
            .archived: StyleSpec(attributes: .dim),
            .failed: StyleSpec(attributes: [.bold, .reverse]),
            .timedOut: StyleSpec(attributes: .bold),
            .cancelled: StyleSpec(attributes: .dim),
        ])
}
