/// The limits of a spec.
///
/// Every list, text and number has one, so that no document can exhaust a provider.
public enum SpecLimits {
    /// Bytes of a tenant's config as JSON: a run takes in 262,144 bytes, and the config is not all of them.
    public static let configByteCount = 196_608
    /// Containers of one tenant.
    public static let containerCount = 16
    /// Ports of one container.
    public static let portCount = 32
    /// Words of a command, and of its arguments.
    public static let argumentCount = 256
    /// Bytes of one word.
    public static let argumentByteCount = 4_096
    /// Variables of one container.
    public static let variableCount = 256
    /// Bytes of one variable's value.
    public static let variableByteCount = 16_384
    /// Secrets of one tenant.
    public static let secretCount = 64
    /// Webhooks of one tenant.
    public static let callbackCount = 8
    /// Labels or annotations of one tenant.
    public static let labelCount = 64
    /// Bytes of a label's key and of its value.
    public static let labelByteCount = 63
    /// Bytes of an annotation's value.
    public static let annotationByteCount = 4_096
    /// Subnets or security groups.
    public static let networkNameCount = 16
    /// Legal ports.
    public static let portRange = 1...65_535
    /// Millicores; the least is the reference's (2.4).
    public static let cpuRange = 128...256_000
    /// MiB; the least is the reference's (2.4).
    public static let memoryRange = 128...4_194_304
    /// MiB.
    public static let storageRange = 1...67_108_864
    /// Seconds of a health check's interval and timeout.
    public static let healthSecondsRange = 1...3_600
    /// Seconds between two health checks, at least (reference 2.4).
    public static let healthIntervalLeast = 5
    /// Answers in a row.
    public static let thresholdRange = 1...100

    /// Labels select tenants and appear on screens: short, printable, no separators of the selector grammar.
    static func labels(_ labels: [String: String], path: String) -> [Violation] {
        var found = count(labels.count, limit: labelCount, path: path)
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            if !isLabelWord(key) || key.isEmpty {
                found.append(
                    Violation(path, "has a key that is not 1 to 63 letters, digits, '.', '-', '_' or '/'"))
            }
            if !isLabelWord(value) {
                let rule = "must be at most 63 letters, digits, '.', '-', '_' or '/'"
                found.append(Violation("\(path).\(key)", rule))
            }
        }
        return found
    }

    static func annotations(_ annotations: [String: String], path: String) -> [Violation] {
        var found = count(annotations.count, limit: labelCount, path: path)
        for (key, value) in annotations.sorted(by: { $0.key < $1.key }) {
            if !isLabelWord(key) || key.isEmpty {
                found.append(
                    Violation(path, "has a key that is not 1 to 63 letters, digits, '.', '-', '_' or '/'"))
            }
            if value.utf8.count > annotationByteCount {
                found.append(Violation("\(path).\(key)", "must be at most \(annotationByteCount) bytes"))
            }
        }
        return found
    }

    private static func count(_ count: Int, limit: Int, path: String) -> [Violation] {
        count <= limit ? [] : [Violation(path, "must have at most \(limit) entries, not \(count)")]
    }

    private static func isLabelWord(_ word: String) -> Bool {
        word.utf8.count <= labelByteCount
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: "_"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
