/// What a Map state has for itself.
struct MapBody: Sendable {
    /// What the state iterates over.
    enum Items: Sendable {
        /// The effective input, or `ItemsPath` of it.
        case path(JSONPath?)
        /// `Items` of a JSONata state; the effective input without it.
        case jsonata(JSONataTemplate?)
    }

    /// The group of states that processes an item.
    let processor: Int
    /// Whether the items run as executions of their own, which leave nothing in the history.
    let isDistributed: Bool
    let items: Items
    let reader: ItemReader?
    /// `ItemSelector`, or `Parameters` of old definitions.
    let selector: Template?
    let batcher: ItemBatcher?
    let maxConcurrency: NumberField?
    let toleratedCount: NumberField?
    let toleratedPercentage: NumberField?
    let writer: ResultWriter?
    let label: String?
    let rules: ResultRules
}

/// Where a distributed Map finds its items outside the data: `ItemReader`.
struct ItemReader: Sendable {
    let resource: TaskResource
    let arguments: Template?
    /// `ReaderConfig` as it is written, without `MaxItems`.
    let configuration: JSONValue
    let maxItems: NumberField?
}

/// How items are bundled: `ItemBatcher`.
struct ItemBatcher: Sendable {
    let maxItems: NumberField?
    let maxBytes: NumberField?
    let input: Template?
}

/// Where a distributed Map puts its results: `ResultWriter`.
struct ResultWriter: Sendable {
    let resource: TaskResource?
    let arguments: Template?
    let configuration: JSONValue?
}
