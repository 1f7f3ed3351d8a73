public import LandlordDomain

/// Reads a tenant spec from YAML or JSON, and answers every mistake with the line where it stands.
public enum TenantSpecDocument {
    /// Reads a spec.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - file: The name for messages.
    /// - Returns: The spec, when nothing is wrong with it.
    /// - Throws: Everything that is wrong with it, in the order of the document.
    public static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> TenantSpec {
        try SpecDocument.read(
            bytes, file: file, shape: "a spec is a mapping with a name and a compute part"
        ) { json throws(InvalidSpec) in
            try TenantSpec(json: json)
        }
    }

    /// Reads a spec from a text.
    public static func read(_ text: String, file: String) throws(DocumentError) -> TenantSpec {
        try read(Array(text.utf8), file: file)
    }
}
